"""How the secrets of API clients are kept."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class ClientSecretHasher(PBKDF2PasswordHasher):
    """For long random secrets only, which nobody can guess: slowness would buy nothing.

    A token costs a third of a second of CPU with the hasher for people's passwords.
    """

    algorithm = "random_secret_pbkdf2_sha256"
    iterations = 1
