"""A SCIM server made of django-scim2, as its own manual shows it. The database is kept in memory."""

ALLOWED_HOSTS = ["127.0.0.1"]
AUTH_USER_MODEL = "people.Person"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "people"]
# Refusals are the business of the second one.
MIDDLEWARE = ["people.middleware.BearerToken", "django_scim.middleware.SCIMAuthCheckMiddleware"]
ROOT_URLCONF = "urls"
SCIM_SERVICE_PROVIDER = {
    "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A token"}],
    "GROUP_MODEL": "people.models.Team",
    "NETLOC": "127.0.0.1",
}
SECRET_KEY = "signs nothing"
USE_TZ = True
