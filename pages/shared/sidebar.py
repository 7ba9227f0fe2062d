"""What the sidebar holds beside the pages: the search, who is signed in, the way into the tour."""

from crewgen_core.models.person import Person
from pages.shared.search_view import offer_search
from pages.shared.sign_in import show_person
from pages.shared.tour_view import offer_tour


def show_sidebar(person: Person) -> None:
    """Show the sidebar of a page for whoever looks at it."""
    offer_search()
    show_person(person)
    offer_tour()
