"""Writes about places, organs, posts, accounts and citizens."""

from banshi.people.actions.accounts import (
    change_account,
    close_account,
    create_account,
    open_account,
    remove_second_factor,
    reset_password,
    set_mail,
)
from banshi.people.actions.citizens import erase_identity, look_at_identity, register_at_counter, register_citizen
from banshi.people.actions.organs import change_organ, close_organ, create_organ, load_divisions, open_organ
from banshi.people.actions.posts import appoint, delegate, end_delegation, end_post
from banshi.people.actions.sign_ins import begin_sign_in, end_other_sign_ins, end_sign_in

__all__ = [
    "appoint",
    "begin_sign_in",
    "change_account",
    "change_organ",
    "close_account",
    "close_organ",
    "create_account",
    "create_organ",
    "delegate",
    "end_delegation",
    "end_other_sign_ins",
    "end_post",
    "end_sign_in",
    "erase_identity",
    "load_divisions",
    "look_at_identity",
    "open_account",
    "open_organ",
    "register_at_counter",
    "register_citizen",
    "remove_second_factor",
    "reset_password",
    "set_mail",
]
