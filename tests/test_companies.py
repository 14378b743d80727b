import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.read.companies import company_name, credit_code, fold, forms_agree, web_domain, without_place


@pytest.mark.parametrize(
    ("spellings", "core"),
    [
        (["Acme Co., Ltd.", "ACME CO LTD", "Ａｃｍｅ Company Limited", "the acme, ltd"], "acme"),
        (["Löwenberg & Töchter GmbH & Co. KG", "Lowenberg and Tochter G.m.b.H."], "lowenberg and tochter"),
        (["臺北堃喆電子股份有限公司", "台北堃喆电子股份公司", "堃喆电子"], "堃喆电子"),
        (["江苏省苏州市恒瑞泵业有限责任公司", "苏州恒瑞泵业有限公司", "（苏州）恒瑞泵业集团"], "恒瑞泵业"),
    ],
)
def test_spellings_of_one_company_have_one_core(spellings, core):
    assert {company_name(name, "台北|苏州").core for name in spellings} == {core}


def test_a_name_keeps_what_names_it():
    assert company_name("北京银行股份有限公司").core == "北京银行"
    assert company_name("S.A. Foo").core == "sa foo"
    assert company_name("Limited").core == "limited"
    assert without_place("上海上药", "上海") == "上海上药"


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Acme Ltd", "Acme Limited", True),
        ("Acme", "Acme GmbH", True),
        ("Acme Inc.", "Acme GmbH", False),
        ("Acme Ltd", "Acme Group Ltd", False),
        ("恒瑞有限公司", "恒瑞股份有限公司", False),
    ],
)
def test_two_legal_forms_are_two_companies_and_a_group_is_not_its_member(one, other, agree):
    assert forms_agree(company_name(one).forms, company_name(other).forms) is agree


def test_a_register_code_proves_itself():
    assert credit_code(" 91350100m000100y43 ") == "91350100M000100Y43"
    assert credit_code("91350100M000100Y44") == credit_code("HRB 12345") == ""


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_one_check_digit_fits_each_code(body):
    assert sum(bool(credit_code(body + digit)) for digit in "0123456789ABCDEFGHJKLMNPQRTUWXY") == 1


def test_a_domain_names_a_company_and_a_mail_provider_does_not():
    assert web_domain("https://www.Acme.co.uk/about") == web_domain("ann@acme.co.uk") == "acme.co.uk"
    assert web_domain("ann@qq.com") == web_domain("yahoo.co.jp") == web_domain("n/a") == ""


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
