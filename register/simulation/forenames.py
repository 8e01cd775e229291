"""Forenames as children in Britain bear them today, by background, the most common first.

Written for this register from general knowledge; nobody's list was copied. An underscore stands
for a space inside one name.
"""

GIRLS: dict[str, str] = {
    "english": """Olivia Amelia Isla Ava Mia Ivy Lily Isabella Freya Poppy Grace Florence Evie Emily
        Ella Sophie Willow Daisy Charlotte Ruby Jessica Alice Elsie Sienna Chloe Lucy Maisie Millie
        Scarlett Phoebe Rosie Harper Erin Holly Imogen Bethany Megan Lola Georgia Lacey Summer Amber
        Abigail Eliza Matilda Hannah Leah Eleanor Molly Ellie Bella Lottie Esme Amy Zoe Paige Skye
        Demi Courtney Shannon Jasmine Keira Tilly Lilly-Mae Ellie-May Gracie-Lou Lexi Kayleigh
        Madison Faith Hope Kimberley Nicole Tegan Alisha Libby Elizabeth Katie Rebecca Rachel
        Victoria Samantha Natasha Caitlin Tia Kelsey Connie Edith Mabel Nancy Robyn Heidi Aurora
        Beatrice Darcie Francesca Harriet Martha Naomi Niamh Orla Penelope Rose Thea Violet""",
    "irish": """Aoife Saoirse Niamh Caoimhe Ciara Roisin Orla Sinead Erin Shauna Clodagh Grainne
        Siobhan Aisling Maeve Eimear Tara Deirdre Nuala Bridget Kathleen Margaret Mary-Kate Shannon
        Colleen Keeva Fiadh Eabha Muireann Sorcha""",
    "welsh": """Seren Ffion Carys Cerys Megan Nia Erin Mali Lowri Cadi Bethan Angharad Rhiannon
        Catrin Eleri Gwen Sian Efa Elin Non Branwen Heledd Mared Nansi Myfanwy Delyth""",
    "pakistani": """Aisha Fatima Maryam Zainab Zara Hafsa Khadija Amina Ayesha Sara Iqra Sana Hira
        Mahnoor Aleena Noor Rabia Saima Sadia Nadia Samina Uzma Bushra Shazia Rukhsana Anam Laiba
        Eshal Minahil Areeba Humaira Javeria Kiran Mehwish Sobia Tahira Zoya Inaya Aleeza Anaya""",
    "bangladeshi": """Fatema Nusrat Tasnim Sumaiya Jannat Sadia Farhana Nazia Shamima Rahima Halima
        Tahmina Rumana Sultana Nasrin Taslima Munira Mahira Ayesha Raisa Labiba Ruksana Afsana""",
    "indian": """Priya Anjali Simran Jasmine Kavya Ananya Diya Harpreet Manpreet Jaspreet Kiran
        Neha Pooja Riya Aanya Isha Navneet Gurleen Amrit Divya Shreya Meera Nisha Radha Sunita
        Prabhleen Rajvir Sukhmani Aarohi Ishani Tanvi Saanvi Navya Kiara Avani Dhriti""",
    "arabic": """Fatima Mariam Aya Sara Nour Layla Yasmin Hala Rania Salma Amal Dina Huda Iman
        Jana Lina Malak Noor Rahma Reem Samira Shahd Zahra Zeinab Hanin Dalal Batoul Ruqaya""",
    "west_african": """Blessing Favour Esther Precious Chidera Chiamaka Adaeze Ngozi Chioma Ifeoma
        Temitope Folake Titilayo Omolara Yetunde Abimbola Ayomide Damilola Oluwaseun Kehinde Taiwo
        Abena Akosua Ama Efua Adwoa Yaa Akua Afia Fatoumata Aminata Mariama Isatou Grace Deborah
        Mercy Comfort Patience Gift Joy Victory Tiwa Morenike Bukola Simisola Toluwani""",
    "east_african": """Hodan Amina Fadumo Halima Sahra Ifrah Khadra Nimo Hamdi Deqa Ubah Ayan
        Saron Selam Feven Rahel Winta Helen Bethlehem Eden Luwam Meron Semhar Tsion Yordanos Hiwet
        Mahlet Hawa Asha Zamzam Sagal Idil Hanan Ruweyda Natsinet""",
    "polish": """Julia Zuzanna Maja Zofia Hanna Lena Oliwia Alicja Aleksandra Wiktoria Natalia
        Amelia Maria Nikola Gabriela Emilia Weronika Karolina Martyna Kinga Patrycja Magdalena
        Kornelia Jagoda Łucja Dominika Paulina Michalina Antonina Klaudia""",
    "romanian": """Maria Andreea Ioana Alexandra Elena Ana-Maria Sofia Gabriela Denisa Bianca
        Daria Larisa Raluca Roxana Mihaela Florentina Georgiana Mădălina Ștefania Loredana Nicoleta
        Crina Ilinca Teodora Antonia Rebeca Estera Lavinia Narcisa Sorina""",
    "turkish": """Zeynep Elif Defne Asel Azra Eylül Nehir Ecrin Meryem Fatma Ayşe Emine Hatice
        Merve Büşra Esra Melisa Ceren İrem Selin Sude Yağmur Derya Gizem Sibel Tuğba Ebru Nisa""",
    "albanian": """Amelia Ajla Melisa Sara Klea Anisa Era Erina Aria Dafina Blerta Arta Elira
        Fjolla Gresa Jehona Kaltrina Liridona Mirela Besa Enkeleda Valbona Rina Vesa Dea Ambra""",
    "vietnamese": """Linh Anh Trang Mai Lan Huong Thao Ngoc Ha Phuong Hoa Thuy Yen Nhung Hang
        My Quynh Vy Nga Thu Van Tuyet Dung Giang Ly Oanh""",
    "kurdish": """Rojin Berfin Zilan Helin Dilan Avin Shilan Shno Hana Sara Lana Rozhin Nazdar
        Awaz Bahar Chro Evin Hêvî Jiyan Kani Narin Payam Sazan Tara Zara Chnar""",
    "afghan": """Zahra Fatima Maryam Sahar Parwana Nilofar Shabnam Marwa Farzana Laila Palwasha
        Spogmai Zarghuna Gulalai Hosna Khatera Mina Nargis Razia Setara Shukria Tamana Wazhma""",
}

BOYS: dict[str, str] = {
    "english": """Oliver George Noah Arthur Harry Leo Jack Charlie Oscar Jacob Henry Thomas Freddie
        Alfie Theo William Archie Joshua Alexander James Isaac Edward Lucas Tommy Finley Max Logan
        Ethan Mason Harrison Daniel Joseph Samuel Sebastian Adam Dylan Riley Zachary Toby Louie Jude
        Benjamin Reggie Ronnie Albie Jayden Kayden Tyler Callum Connor Kyle Liam Ryan Jordan Bailey
        Brandon Kieran Reece Corey Jake Lewis Luke Nathan Owen Harvey Jamie Cameron Ashton Kian
        Kaiden Ellis Frankie Rory Elliot Stanley Bobby Sonny Ralph Teddy Hugo Jenson Blake Carter
        Caleb Michael Matthew Robert Anthony Christopher Stephen Nicholas Andrew Leon Marcus Aaron
        Aidan Bradley Curtis Declan Dominic Gabriel Hayden Jaxon Kai Spencer""",
    "irish": """Conor Sean Oisin Cian Fionn Darragh Liam Patrick Callum Ronan Eoin Cathal Declan
        Padraig Ciaran Diarmuid Brendan Shane Finbar Donal Niall Rory Tadhg Cormac Kevin Martin
        Michael John-Joe Dara Odhran Lorcan""",
    "welsh": """Osian Rhys Dylan Evan Ioan Gethin Iestyn Macsen Owain Harri Morgan Tomos Steffan
        Ieuan Gruffydd Llŷr Elis Cai Aled Emrys Gareth Huw Dafydd Jac Lloyd Cadog Trystan""",
    "pakistani": """Muhammad Mohammed Ali Ahmed Ibrahim Yusuf Hamza Hassan Hussain Umar Bilal Adam
        Zain Haroon Abdullah Usman Imran Faisal Kamran Asif Rizwan Waqas Adnan Zeeshan Junaid
        Shahid Tariq Nabeel Saad Arslan Danyal Rayyan Musa Ismail Haider Sulaiman Subhan Ayaan""",
    "bangladeshi": """Mohammed Abdul Rahim Tahmid Mahfuz Shahin Jubayer Rafi Sabbir Tanvir Nayeem
        Fahim Kamrul Mizanur Saiful Ashraful Habibur Imtiaz Jahangir Rakib Ruhel Shuhel Tareq""",
    "indian": """Arjun Aarav Rohan Gurpreet Harjit Jaspal Amar Ravi Sahil Karan Vivaan Reyansh Dev
        Manveer Sukhdeep Parminder Rajan Nikhil Akash Vikram Krish Ishaan Aditya Kabir Dilraj
        Jasvir Harman Tejas Veer Yuvraj Pranav Hardik""",
    "arabic": """Mohammed Ahmed Omar Ali Youssef Mahmoud Khaled Abdullah Ibrahim Mustafa Hassan
        Karim Bilal Anas Tariq Amir Samir Walid Zaid Hamza Rami Bashar Adel Fares Ghassan Jamal
        Kareem Laith Nabil Osama Qasim Saif Abdul_Rahman Abdulaziz""",
    "west_african": """Emmanuel David Samuel Daniel Chukwuemeka Obinna Chinedu Ikenna Emeka
        Oluwaseun Oluwadamilare Tobiloba Ayodeji Babatunde Olumide Temidayo Kehinde Taiwo Kwame
        Kofi Kwaku Yaw Kojo Kwabena Kwesi Ousmane Mamadou Ibrahima Lamin Ebrima Modou Joshua
        Prince Wisdom Divine Godwin Ireoluwa Feranmi Jomiloju Somto Kelechi""",
    "east_african": """Abdi Mohamed Abdirahman Ahmed Hassan Yusuf Ismail Mahad Liban Guled Ayanle
        Samatar Filmon Yonas Samuel Robel Merhawi Daniel Natnael Biniam Henok Dawit Tesfay Abel
        Kidane Mussie Hagos Teklay Abdulkadir Mustafa Bashir Idris Adam Suleiman""",
    "polish": """Jakub Antoni Jan Szymon Filip Kacper Franciszek Aleksander Mikołaj Wojciech Adam
        Michał Bartosz Piotr Mateusz Oskar Dawid Wiktor Igor Maciej Marcel Patryk Krystian Kamil
        Łukasz Damian Adrian Sebastian Dominik Hubert Krzysztof""",
    "romanian": """Andrei David Alexandru Gabriel Ionuț Matei Luca Ștefan Mihai Darius Cristian
        Florin Marius Răzvan Vlad Robert Denis Sorin Bogdan Cosmin Cătălin Daniel Ion Vasile
        Gheorghe Constantin Rareș Eduard Samuel Iosif""",
    "turkish": """Yusuf Mehmet Mustafa Ahmet Emir Ömer Ali Eymen Miraç Kerem Hüseyin Hasan İbrahim
        Murat Emre Burak Can Deniz Kaan Serkan Umut Yiğit Arda Berkay Onur Taha Furkan Oğuz""",
    "albanian": """Noel Amar Joel Ergi Kevin Klajdi Erion Ardit Besnik Dritan Florian Gentian Ilir
        Kujtim Luan Mentor Endrit Orges Petrit Redon Sokol Taulant Ylli Alban Bledar Enea Leart""",
    "vietnamese": """Minh Duc Hung Tuan Long Nam Hai Quan Thanh Dung Hieu Khoa Phong Quang Son
        Trung Viet Cuong Dat Huy Tien Bao Kien Loc Tai Thang Vinh""",
    "kurdish": """Rebin Azad Baran Hiwa Karwan Shwan Rawand Ari Dilshad Zana Diyar Hemin Aram
        Bestoon Goran Hawre Kawa Lawand Mihemed Nechirvan Omed Peshawa Rebwar Sherko Twana Soran
        Ahmed Mohammed Yousif""",
    "afghan": """Mohammad Ahmad Abdul Hamid Rahmatullah Najibullah Zabihullah Samiullah Farhad Omid
        Jawad Mustafa Ali_Reza Esmatullah Habibullah Ihsanullah Javid Khalid Mirwais Naqibullah
        Noor_Mohammad Qais Rafiullah Sadiq Safiullah Tariq Wahid Zalmai Hekmatullah Asadullah""",
}
