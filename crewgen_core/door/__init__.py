"""The door of the server: what every request passes before the dashboard, its files or the REST API.

``login`` says whether people sign in, ``identity`` who a provider vouches for; each other file is one step of the way
in, pure ASGI, joined in ``way_in``. Nothing here knows Streamlit: what only it can tell, the launcher hands in.
"""
