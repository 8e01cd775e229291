"""What a WSGI server is pointed at."""

from register.app import create_app

app = create_app()
