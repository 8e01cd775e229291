"""What is declared of the addresses of signing in, of one's own account, and of the people."""

from collections.abc import Mapping

from tests.web.cells_of_routes import OUT, P, Route

WAYS_IN: Mapping[str, Route] = {
    "sign_in.form": Route(None, given=302, public=True, others={OUT: 200}),
    "sign_in.begin": Route(None, given=401, public=True, others={OUT: 401}, ends=True),
    "sign_in.end": Route(None, given=302, ends=True),
    "help.words": Route(None, public=True),
    "help.accessibility": Route(None, public=True),
    "static": Route(None, "file", public=True),
    "second_step.form": Route(None, given=302, public=True),
    "second_step.finish": Route(None, given=302, public=True),
    "second_step.set_up": Route(None, given=302, public=True),
    "key_first.ask": Route(None, given=302, public=True),
    "key_first.form": Route(None, public=True),
    "key_first.answer": Route(None, given=302, public=True),
    # Proofs that do not hold are counted, and end the session: each has one of its own.
    "again.form": Route(None),
    "again.confirm": Route(None, given=401, ends=True),
    "more.page": Route(None),
    "account.overview": Route(None),
    "account.end_one": Route(None, given=404),
    "account.end_others": Route(None, given=302, ends=True),
    "account.factor_form": Route(None),
    "account.add_factor": Route(None, given=422),
    "account.remove_factor": Route(None, "factor"),
    "account.password_form": Route(None),
    "account.change_password": Route(None, given=422, ends=True),
    "users.everybody": Route(P.USER_MANAGE),
    "users.end_sessions": Route(P.USER_MANAGE, "user", 302, ends=True),
    "users.add_form": Route(P.USER_MANAGE),
    "users.add": Route(P.USER_MANAGE, given=422),
    "users.one": Route(P.USER_MANAGE, "user"),
    "users.role": Route(P.USER_MANAGE, "user", 422),
    "users.bar": Route(P.USER_MANAGE, "user", 302, ends=True),
    "users.vouch": Route(P.USER_MANAGE, "user", 422),
    "users.ask_anew": Route(P.USER_MANAGE, "user", 422),
    "users.confirm_anew": Route(P.USER_MANAGE, "user", 404),
    "users.refuse_anew": Route(P.USER_MANAGE, "user", 404),
}
