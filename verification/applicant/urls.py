from django.urls import path

from verification.applicant.views import (
    after,
    application,
    discard,
    files,
    home,
    listings,
    respond,
    section,
)

app_name = "apply"
urlpatterns = [
    path("", home.home, name="home"),
    path("organization/", home.organization, name="organization"),
    path("start/", home.start, name="start"),
    path("listings/", listings.listings, name="listings"),
    path("listings/my-listings.csv", listings.listings_csv, name="listings_csv"),
    path("listings/<int:listing_id>/change/", listings.change, name="change"),
    path("listings/<int:listing_id>/begin/", listings.begin, name="begin_change"),
    path("listings/<int:listing_id>/choose/", listings.choose, name="choose_listing"),
    path("name-change/", listings.name_change, name="name_change"),
    path("<int:application_id>/", application.application, name="application"),
    path("<int:application_id>/submit/", application.submit, name="submit"),
    path("<int:application_id>/withdraw/", application.withdraw, name="withdraw"),
    path("<int:application_id>/discard/", discard.discard, name="discard"),
    path("<int:application_id>/put-back/", discard.put_back, name="put_back"),
    path("<int:application_id>/reconsider/", after.reconsider, name="reconsider"),
    path("<int:application_id>/copy/", after.copy, name="copy"),
    path("<int:application_id>/respond/", respond.respond, name="respond"),
    path("<int:application_id>/letter/", files.letter, name="letter"),
    path("<int:application_id>/letters/<int:letter_id>/", files.letter_file, name="letter_file"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
    path("<int:application_id>/documents/<int:document_id>/remove/", files.remove_document, name="remove_document"),
    path("<int:application_id>/documents/<int:document_id>/restore/", files.restore_document, name="restore_document"),
    path("<int:application_id>/<slug:section>/", section.section, name="section"),
]
