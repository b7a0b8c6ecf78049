"""People and their groups, with what django-scim2 wants them to have."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


class Team(AbstractSCIMGroupMixin):
    name = models.CharField(max_length=254, unique=True)
    # Both names are django-scim2's.
    user_set = models.ManyToManyField("Person", related_name="scim_groups")


class Person(AbstractSCIMUserMixin, AbstractUser):
    pass
