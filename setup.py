"""Everything is in setup.cfg but the package list, which it cannot compute with a mapped folder."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["ticketctl*", "gateway*"]), "ticketctl.templates"],
    package_dir={"ticketctl.templates": "templates"},
)
