"""Surnames by background, the most common first, and the parts that rarer ones are made of.

Written for this register from general knowledge. The parts give the long tail that real names
have: most households bear a name that few others bear.
"""

SURNAMES: dict[str, str] = {
    "english": """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson
        Evans Walker White Roberts Green Hall Wood Jackson Clarke Clark Harrison Scott Cooper King
        Ward Turner Martin Moore Edwards Hill Carter Parker Harris Lee Baker Shaw Bennett Cook
        Richardson Marshall Bailey Collins Phillips Watson Simpson Price Hughes Foster Gray Hunt
        Mason Palmer Rogers Webb Barnes Knight Dixon Fletcher Holmes Stevens Ellis Chapman Lloyd
        Pearson Gibson Saunders Barker Armstrong Hart Booth Spencer Burton Watts Dean Day Frost
        Birch Savage Reed Kirk Sutcliffe Ackroyd Butterworth Crossley Dyson Firth Greenwood Haigh
        Illingworth Jowett Lumb Midgley Naylor Oldroyd Pickles Rhodes Sykes Tordoff Wadsworth
        Campbell Grant Morrison Stewart Reid Bailey-Reid Francis Gordon Blake Joseph Charles""",
    "irish": """Murphy Kelly O'Sullivan Walsh O'Brien Byrne Ryan O'Connor O'Neill O'Reilly Doyle
        McCarthy Gallagher Doherty Kennedy Lynch Murray Quinn McLaughlin Connolly Daly Nolan
        Dunne Brennan Burke Collins Flynn Maguire McDonagh Ward Joyce Delaney Cash Connors Maughan
        Fitzgerald Sweeney Hogan Keane Rooney Tierney Farrell Boyle""",
    "welsh": """Jones Davies Williams Evans Thomas Roberts Lewis Hughes Morgan Griffiths Edwards
        Owen James Rees Jenkins Price Morris Richards Lloyd Phillips Parry Powell Pritchard Bowen
        Howells Llewellyn Vaughan Gwynne Probert Bevan Ellis-Jones Prosser""",
    "pakistani": """Khan Hussain Ahmed Mahmood Akhtar Malik Iqbal Mirza Bashir Rashid Shah Aslam
        Hanif Saleem Nawaz Butt Chaudhry Qureshi Raja Sheikh Anwar Rafiq Yousaf Zaman Siddique
        Riaz Parveen Kausar Bibi Begum Rehman Javed Afzal Sadiq Tariq Arshad Dar Gul Latif Majid""",
    "bangladeshi": """Begum Khatun Miah Uddin Ali Hussain Rahman Ahmed Islam Chowdhury Khanom
        Choudhury Hoque Alam Karim Bibi Akter Sultana Kamali Talukdar Khan Mahmud Haque Mia""",
    "indian": """Singh Kaur Patel Sharma Gill Dhillon Sandhu Shah Mistry Desai Parmar Chauhan Mehta
        Joshi Kapoor Bhatt Sidhu Grewal Bains Johal Atwal Dhaliwal Solanki Rathod Nair Menon Iyer
        Reddy Pillai Thakrar Modi Trivedi Virdee Sahota""",
    "arabic": """Ali Hassan Ahmed Mohammed Ibrahim Saleh Al-Hassan Abdullah Mansour Haddad Khalil
        Nasser Saeed Al-Jabouri Al-Masri Hamdan Darwish Al-Khatib Shaheen Barakat Kassem Najjar
        Sabbagh Zidan Al-Rawi Taha Bakri Hijazi Benali Bouzid El-Amrani""",
    "west_african": """Mensah Okafor Adeyemi Owusu Boateng Okonkwo Balogun Asante Osei Adebayo
        Ogunleye Eze Nwosu Appiah Amoah Sarpong Ibrahim Diallo Jallow Bah Ceesay Camara Touray
        Agyeman Addo Ofori Opoku Danso Igwe Obi Nnamdi Onyeka Afolabi Bello Olatunji Akande""",
    "east_african": """Mohamed Ali Hassan Abdi Ahmed Omar Hussein Yusuf Jama Farah Warsame Osman
        Ibrahim Aden Nur Tesfamariam Haile Kidane Gebremedhin Tekle Habte Berhe Mehari Ghebre
        Tesfay Woldu Kiros Abraha Mulugeta Bekele Idris Elmi Duale Guled""",
    "polish": """Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański
        Woźniak Dąbrowski Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek
        Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski
        Majewski Olszewski Stępień Malinowski Górski Pawlak Sikora Bąk Szewczyk""",
    "romanian": """Popescu Popa Ionescu Pop Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu
        Constantin Rusu Florea Marin Dobre Moldovan Lazăr Lupu Sandu Oprea Ungureanu
        Diaconu Voicu Căldăraru Lăcătuș Covaci Rostaș Ursu Toma Enache""",
    "turkish": """Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan
        Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Aksoy Güneş""",  # noqa: RUF001 - the dotless i is a letter of Turkish
    "albanian": """Hoxha Shehu Dervishi Gashi Krasniqi Berisha Kola Prifti Leka Marku Meta Hoti
        Bajrami Shala Kelmendi Morina Thaqi Rexhepi Zeneli Muca Cela Lleshi Doda Gjoka Ndoj Hysa""",
    "vietnamese": "Nguyen Tran Le Pham Hoang Huynh Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Dinh Mai",
    "kurdish": """Ahmed Mahmood Karim Rashid Salih Hama Aziz Rasul Kareem Omar Qadir Hamid Barzani
        Talabani Jaff Zebari Sharif Mirza Ismail Abdulla Khalid Faraj Majeed Amin Yildiz Aslan""",
    "afghan": """Ahmadzai Stanikzai Rahimi Karimi Ahmadi Mohammadi Hussaini Haidari Noori Safi
        Sahak Zadran Popal Yousafzai Wardak Hotak Mangal Shinwari Momand Amiri Nazari Rezai Sultani
        Khan Stanekzai Barakzai Niazi Alizai""",
}

# First and last parts: any first goes with any last of the same background.
PARTS: dict[str, tuple[str, str]] = {
    "english": (
        """Ash Bram Birk Brad Cal Cop Cran Dun Ever Farn Gat Hather Hol Hor Kel Kirk Lang Led Lin
        Mar Mid Nor Old Pen Rad Ren Ros Row Shel Stan Stap Sten Sut Thorn Tod Wal War Whit Win
        Wool Yar Ald Bar Bick Bur Chad Dal Ecc Fair Gar""",
        """ley worth ton field well brook shaw by ham combe ford wick dale hurst croft den stead
        bourne thorpe gate bridge more wood""",
    ),
    "irish": (
        "O' Mc Mac Fitz Kil Gil",
        "Devlin Lavery Nally Garvey Cafferty Kenna Shane Loughlin Rourke Patrick Bride Martin",
    ),
    "west_african": (
        "Ade Olu Ayo Oba Ola Odun Oye Aki Ogun Ife Chi Nwa Oke Eze Ama Ban",
        "wale yinka femi dele bola tunde sanya kunle moye ade niyi chukwu wuike nkem goke toye",
    ),
    "polish": (
        "Bor Dom Gal Jasi Kar Lip Mal Ost Rad Sob Tar Urb Wal Zar Bog Czar Gór Kras",
        "ański iński owski ewski czak czyk ecki icki",
    ),
    "romanian": (
        "Alb Bog Cor Drag Fil Ior Lun Mih Ned Pet Rad San Tod Vas Zam Mar",
        "escu eanu ache oiu ăilă ariu eanul uleac",
    ),
    "turkish": (
        "Ak Kara Öz Er Gün Bay Çak Dal Kır Soy Taş Yal",  # noqa: RUF001 - as above
        "soy demir türk kan taş oğlu maz göz yurt pınar bulut tekin",  # noqa: RUF001 - as above
    ),
    "albanian": (
        "Ag Bal Del Gjon Has Kast Lus Mal Nik Per Ram Sin Tef Ul",
        "aj i oli ollari iqi ani",
    ),
    "afghan": (
        "Ahmad Barak Yousaf Stanik Ibrahim Suleiman Kharot Ghil Tar Wazir",
        "zai i khel zada yar",
    ),
    "arabic": (
        "Al- El- Abu- Bin- Ben",
        "Amin Bakr Dosari Farsi Ghazi Hadi Jaber Karim Nouri Qadi Salem",
    ),
    "indian": (
        "Bhar Chand Dev Gop Har Jay Kir Man Nar Par Raj Sur Vish",
        "wal ani war al nath kar eja it",
    ),
    "east_african": (
        "Gebre Tesfa Wolde Haile Kidane Abd Nur Sheik",
        "mariam michael selassie giorgis i adan ow",
    ),
}
