"""Who has the token is known to Django; what happens to everybody else is django-scim2's doing."""

import os


class Caller:
    def __init__(self, known):
        self.is_authenticated = known
        self.is_anonymous = not known


class BearerToken:
    def __init__(self, get_response):
        self.get_response = get_response
        self.right = f"Bearer {os.environ['SCIM_TOKEN']}"

    def __call__(self, request):
        request.user = Caller(request.headers.get("authorization") == self.right)
        return self.get_response(request)
