"""How a name, a date or a number comes out wrong when somebody hears it and types it."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from register.simulation.chances import Weighted, happens

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LAST_MONTH = 12

NICKNAMES: dict[str, tuple[str, ...]] = {
    "Abigail": ("Abi", "Abbie"), "Alexander": ("Alex", "Xander", "Lex"), "Alexandra": ("Alex",),
    "Alexandru": ("Alex",), "Alfie": ("Alf",), "Aleksandra": ("Ola",), "Amelia": ("Millie",),
    "Andrew": ("Andy", "Drew"), "Anthony": ("Tony",), "Benjamin": ("Ben", "Benji"),
    "Beatrice": ("Bea",), "Bethany": ("Beth",), "Bradley": ("Brad",), "Cameron": ("Cam",),
    "Charlotte": ("Charlie", "Lottie"), "Christopher": ("Chris",), "Daniel": ("Dan", "Danny"),
    "Dominic": ("Dom",), "Edward": ("Ed", "Eddie", "Ted"), "Eleanor": ("Ellie", "Nell"),
    "Elizabeth": ("Lizzie", "Beth", "Liz"), "Emily": ("Em", "Emmie"), "Emmanuel": ("Manny",),
    "Francesca": ("Fran", "Frankie"), "Freddie": ("Fred",), "Gabriel": ("Gabe",),
    "Georgia": ("George", "Gigi"), "Harriet": ("Hattie",), "Harrison": ("Harry",),
    "Harry": ("Haz",), "Henry": ("Harry", "Hal"), "Isabella": ("Bella", "Izzy"),
    "Jakub": ("Kuba",),
    "James": ("Jamie", "Jim"), "Jan": ("Janek",), "Jessica": ("Jess", "Jessie"),
    "Jordan": ("Jord",),
    "Joseph": ("Joe", "Joey"), "Joshua": ("Josh",), "Katie": ("Kate",), "Kayleigh": ("Kay",),
    "Kimberley": ("Kim",), "Lucas": ("Luke",), "Madison": ("Maddie",), "Małgorzata": ("Gosia",),
    "Matilda": ("Tilly", "Mattie"), "Mateusz": ("Mati",), "Matthew": ("Matt",), "Megan": ("Meg",),
    "Michael": ("Mike", "Mikey"), "Mohammed": ("Mo",), "Muhammad": ("Mo",), "Natasha": ("Tasha",),
    "Nathan": ("Nate",), "Nicholas": ("Nick",), "Nicole": ("Nicky",), "Oliver": ("Ollie", "Olly"),
    "Olivia": ("Liv", "Livvy"), "Patrick": ("Paddy", "Pat"), "Penelope": ("Penny",),
    "Phoebe": ("Phoebs",), "Rebecca": ("Becky", "Becca"), "Robert": ("Rob", "Bobby"),
    "Samantha": ("Sam",), "Samuel": ("Sam", "Sammy"), "Sebastian": ("Seb",),
    "Stephen": ("Steve",), "Temitope": ("Temi",), "Theo": ("Ted",), "Thomas": ("Tom", "Tommy"),
    "Victoria": ("Vicky", "Tori"), "William": ("Will", "Billy"), "Zachary": ("Zac", "Zack"),
    "Zuzanna": ("Zuza",), "Oluwaseun": ("Seun",), "Chukwuemeka": ("Emeka",), "Damilola": ("Dami",),
    "Ayomide": ("Ayo",), "Abdirahman": ("Abdi",), "Gurpreet": ("Gopi",), "Siobhan": ("Shiv",),
}  # fmt: skip

# One name from another alphabet, as different people write it down.
TRANSLITERATIONS: tuple[tuple[str, ...], ...] = (
    ("Mohammed", "Muhammad", "Mohamed", "Mohammad", "Mohamad"), ("Ahmed", "Ahmad", "Ahmet"),
    ("Yusuf", "Yousef", "Youssef", "Yousif", "Yusef"), ("Hussain", "Hussein", "Husain", "Hossein"),
    ("Hassan", "Hasan"), ("Ibrahim", "Ebrahim", "Ibraheem"), ("Fatima", "Fatema", "Fatma"),
    ("Maryam", "Mariam", "Meryem"), ("Zainab", "Zeinab", "Zaynab"), ("Aisha", "Ayesha", "Aysha"),
    ("Abdul Rahman", "Abdulrahman", "Abdirahman", "Abdelrahman"), ("Ali Reza", "Alireza"),
    ("Tariq", "Tarek", "Tareq"), ("Khaled", "Khalid"), ("Omar", "Umar", "Omer"),
    ("Rahmatullah", "Rahmat Ullah"), ("Najibullah", "Najib Ullah", "Najeebullah"),
    ("Zabihullah", "Zabiullah"), ("Samiullah", "Sami Ullah"), ("Habibullah", "Habib Ullah"),
    ("Noor Mohammad", "Nur Mohammad", "Noormohammad"), ("Hamid", "Hameed"), ("Jawad", "Javad"),
    ("Filmon", "Philmon", "Filimon"), ("Merhawi", "Mehrawi"), ("Yonas", "Jonas"),
    ("Dawit", "Dawid"), ("Tesfay", "Tesfai"), ("Abdi", "Abdy"), ("Mustafa", "Mostafa"),
    ("Ahmadzai", "Ahmedzai"), ("Stanikzai", "Stanekzai"), ("Rahimi", "Raheemi"),
    ("Hussaini", "Hosseini"), ("Mohammadi", "Muhammadi"), ("Karim", "Kareem"), ("Noori", "Nuri"),
    ("Shinwari", "Shenwari"), ("Tesfamariam", "Tesfa Mariam"), ("Gebremedhin", "Ghebremedhin"),
    ("Haile", "Hayle"), ("Hoxha", "Hodja"), ("Qadir", "Kadir"), ("Salih", "Saleh"),
    ("Rashid", "Rasheed"), ("Mahmood", "Mahmoud", "Mahmud"), ("Sara", "Sarah"),
    ("Zahra", "Zohra"), ("Layla", "Leila", "Laila"), ("Karwan", "Karvan"), ("Shwan", "Schwan"),
)  # fmt: skip
_VARIANTS = {name: tuple(other for other in row if other != name)
             for row in TRANSLITERATIONS for name in row}  # fmt: skip


def typing_slip(rng: Random, text: str) -> str:
    """Get one keystroke of the text wrong: dropped, doubled, swapped, mistaken."""
    if len(text) < len("Li"):
        return text
    place = rng.randrange(len(text) - 1)
    letter = rng.choice(LETTERS)
    slips: tuple[Callable[[], str], ...] = (
        lambda: text[:place] + text[place + 1 :],
        lambda: text[: place + 1] + text[place:],
        lambda: text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        lambda: text[: place + 1] + letter + text[place + 2 :],
        lambda: text[: place + 1] + letter + text[place + 1 :],
    )
    return rng.choice(slips)()


def transliterated(rng: Random, name: str) -> str:
    """Write the name as another interpreter wrote it; the same where there is one way only."""
    return rng.choice(_VARIANTS[name]) if name in _VARIANTS else name


def nickname(rng: Random, name: str) -> str:
    """Return what the child is called by friends; the same where nothing shorter is known."""
    return rng.choice(NICKNAMES[name]) if name in NICKNAMES else name


def day_and_month_swapped(day: date) -> date:
    """Return the date as a reader of the other order takes it; the same where that is no date."""
    return day.replace(month=day.day, day=day.month) if day.day <= LAST_MONTH else day


def _year_slip(rng: Random, day: date) -> date:
    year = day.year + rng.choice((-1, 1))
    return day.replace(year=year, day=min(day.day, 28))


def _day_slip(rng: Random, day: date) -> date:
    return day + timedelta(days=rng.choice((-10, -1, 1, 10)))


_DATE_SLIPS: Weighted[Callable[[Random, date], date]] = Weighted(
    {
        lambda _, day: day_and_month_swapped(day): 40,
        _year_slip: 20,
        _day_slip: 20,
        lambda _, day: day.replace(month=1, day=1): 14,
        lambda _, day: day.replace(day=15): 6,
    }
)


def mistaken_date(rng: Random, day: date) -> date:
    """Get a date of birth wrong as people do: swapped, a year or a day off, 1 January, the 15th."""
    return _DATE_SLIPS.draw(rng)(rng, day)


def mistaken_digits(rng: Random, number: str) -> str:
    """Swap two neighbours of a number or mistake one digit."""
    place = rng.randrange(1, len(number) - 1)
    if happens(rng, 0.5) and number[place + 1].isdigit():
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    return number[:place] + str(rng.randrange(10)) + number[place + 1 :]
