"""Tickets, their messages, events and links; searching, sorting and paging through them.

Imports `db`.
"""
