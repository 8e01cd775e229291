"""Which names are one name written twice, and which are two that twins may bear."""

from itertools import combinations

import pytest

from register.linkage.names import fold, same_family, spelling_of

SPELLINGS = """
    Mohammed Muhammad Mohamed Mohammad Mohamad Muhammed Md
    Aisha Ayesha Aysha Aishah
    Aaliyah Aaliya Aliyah Aliya
    Yusuf Yousef Youssef Yousuf Yusif
    Hussain Hussein Husain Hossain
    Ahmed Ahmad Ahmet
    Fatima Fathima Fatema Fatimah Fatma
    Ibrahim Ebrahim Ibraheem
    Zainab Zaynab Zeynep
    Abdirahman Abdulrahman Abdurrahman Abdelrahman
    Mia Mya Miah
    Siobhan Shivaun Siobhán
    Catherine Katherine Kathryn Catharine
    Niamh Neve Nieve
    Caoimhe Keeva Kiva
    Rhys Reece Rees
    Sian Siân Shan
    Mateusz Mateus
    Krzysztof Christopher Kristopher
    Ştefan Stefan Stephen Steven
    Oluwaseun Oluseun
    Kwabena Kwabenna
    Akosua Akosuah
    Tesfay Tesfaye
    Yohannes Yohanes
    Dilan Dylan Dillon
    Xhoana Xhoanna
    Ionuț Ionut
    Smith Smyth
    Thompson Thomson
    Clark Clarke
    McDonald MacDonald
    Chowdhury Choudhury Chaudhry
    Khatun Khatoon
    Kowalski Kowalska
    Dimitrov Dimitrova
    Awais Owais Uwais
    Tedros Tewodros
    Abubakar Abubakr Aboubacar
    Anastasia Anastasiia
    Siddiqui Siddiqi
    Nguyen Nguyễn Ngyuen
"""


@pytest.mark.parametrize("line", SPELLINGS.strip().splitlines())
def test_one_name_written_in_several_ways(line: str) -> None:
    names = [fold(name) for name in line.split()]
    for a, b in combinations(names, 2):
        assert same_family(a, b), (a, b)
        assert spelling_of(a) == spelling_of(b)


NICKNAMES = """
    Alfred Alfie; Isabella Izzy; Isabelle Izzy; Isobel Izzy; Mohammed Mo; Muhammad Mo
    Katarzyna Kasia; Olivia Liv; Olivia Livvy; Małgorzata Gosia; William Billy; Theodore Teddy
    Oluwaseun Seun; Joshua Josh; Kathryn Kate; Elizabeth Beth; Aleksandra Ola; Jakub Kuba
    Alexander Sasha; Chukwuemeka Emeka; Gabriella Gabby; Abdullah Abdul; Zofia Zosia
    Samuel Sam; Samantha Sam; Jackson Jack; Henry Harry; Tomasz Tomek; Maximilian Max
"""


@pytest.mark.parametrize("pair", NICKNAMES.replace("\n", ";").split(";"))
def test_a_name_and_what_its_bearer_is_called(pair: str) -> None:
    if pair.strip():
        name, called = (fold(each) for each in pair.split())
        assert same_family(name, called)
        assert same_family(called, name)


TWO_NAMES = """
    Jayden Kayden; Zara Sara; Zara Sarah; Alfie Albie; Ella Ellie; Tia Tiana; Evie Eva; Mia Maya
    Harry Harvey; Leo Leon; Hassan Hussain; Amin Amina; Ali Eli; Taiwo Kehinde; Isla Ayla; Jack Jake
    Ava Eva; Lily Millie; Amelia Emilia; Amelia Mia; Maria Mary; Anna Hannah; Oliver Olivia
    Khadija Khalid; Yusuf Yasin; Noah Nora; Samir Samira; Beth Libby; Bella Izzy; Sam Samira
    Daniel Danielle; Louis Louise; Paul Paula; Mohammed Mahmoud; Ahmed Mohammed; Rhea Riya
    Kian Kieran; Aidan Hayden; Marley Harley; Ria Mia; Kayla Layla; Lola Lila; Ruby Rudy
    Luca Lucas; Arjun Arjan; Ayaan Rayyan; Inaya Anaya; Jan Jane; Erin Eryk; Isabella Arabella
    Alexander Alexandra; Emily Emma; Natalia Natasha; Georgia Georgina
    Mohamed Mohamud; Sophia Fiadh; Tyler Tyla; Rosalie Ross; Molly Polly; Shannon Sian; Awais Anas
    Kwame Kwabena; Kofi Kojo; Akua Akosua; Chidi Chika; Emeka Ebuka; Hodan Hodo; Filmon Simon
"""


@pytest.mark.parametrize("pair", TWO_NAMES.replace("\n", ";").split(";"))
def test_two_names_that_twins_may_bear(pair: str) -> None:
    if pair.strip():
        a, b = (fold(each) for each in pair.split())
        assert not same_family(a, b)


def test_twins_may_bear_two_spellings_and_that_is_for_the_rival_test() -> None:
    assert same_family("mia", "mya")
