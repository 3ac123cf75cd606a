"""The log's parts as SQL: each table that keeps what happened, told in the same columns."""

# Of each kind: at, id, part (where one row tells of several instants), what, by, person, application, subject, details.
# Each ends in a condition, so that another one may follow. A mail's text is left out: it may hold a link that lets
# somebody in.
PARTS: dict[str, str] = {
    "step": """
        SELECT log.at, 'step' AS kind, log.id, 0 AS part, log.transition AS what, log.by_id,
            NULL::bigint AS person_id, log.application_id,
            coalesce(application.dcn, 'draft ' || application.id) AS subject, log.given AS details
        FROM verification_transitionlog log JOIN verification_application application
            ON application.id = log.application_id
        WHERE true
    """,
    # What the contractor's people said among themselves, and what both sides wrote to each other.
    "remark": """
        SELECT remark.at, 'remark', remark.id, 0,
            CASE WHEN remark.from_applicant THEN 'from_applicant'
                WHEN remark.visibility = 'internal' THEN 'internal' ELSE 'to_applicant' END,
            remark.by_id, NULL::bigint, remark.application_id, coalesce(application.dcn, 'draft ' || application.id),
            jsonb_build_object('text', remark.text)
        FROM verification_remark remark JOIN verification_application application
            ON application.id = remark.application_id
        WHERE true
    """,
    "account": """
        SELECT event.at, 'account', event.id, 0, event.kind, event.by_id, event.person_id, NULL::bigint,
            coalesce(person.email, event.about->>'email', ''),
            event.about || jsonb_build_object('reason', event.reason)
        FROM accounts_accountevent event LEFT JOIN accounts_user person ON person.id = event.person_id
        WHERE event.kind <> 'signed_in'
    """,
    "sign_in": """
        SELECT event.at, 'sign_in', event.id, 0, event.kind, event.by_id, event.person_id, NULL::bigint,
            person.email, '{}'::jsonb
        FROM accounts_accountevent event JOIN accounts_user person ON person.id = event.person_id
        WHERE event.kind = 'signed_in'
    """,
    "representation": """
        SELECT said.at, 'representation', representation.id, said.part, said.what, said.by_id,
            representation.user_id, NULL::bigint, organization.name, '{}'::jsonb
        FROM verification_representation representation
        JOIN pcl_organization organization ON organization.id = representation.organization_id
        CROSS JOIN LATERAL (VALUES
            (representation.asked_at, 0, 'asked', representation.user_id),
            (representation.confirmed_at, 1, 'confirmed', representation.confirmed_by_id),
            (representation.ended_at, 2,
                CASE WHEN representation.refused_by_id IS NULL THEN 'ended' ELSE 'refused' END,
                representation.refused_by_id)
        ) AS said(at, part, what, by_id)
        WHERE said.at IS NOT NULL
    """,
    "listing": """
        SELECT change.at, 'listing', change.seq, 0, change.kind, change.by_id, NULL::bigint,
            (SELECT determination.application_id FROM verification_determinedcode determined
             JOIN verification_determination determination ON determination.id = determined.determination_id
             WHERE determined.listing_id = change.listing_id LIMIT 1),
            'listing ' || change.listing_id,
            jsonb_build_object('reason', change.reason, 'before', change.before, 'after', change.after)
        FROM pcl_listingchange change
        WHERE true
    """,
    "mail": """
        SELECT mail.created_at, 'mail', mail.id, 0, 'sent', NULL::bigint, NULL::bigint, NULL::bigint, mail.subject,
            jsonb_build_object('to', mail."to", 'delivered_at', mail.delivered_at)
        FROM accounts_outgoingmail mail
        WHERE true
    """,
}
AT = {
    "step": "log.at",
    "remark": "remark.at",
    "account": "event.at",
    "sign_in": "event.at",
    "representation": "said.at",
    "listing": "change.at",
    "mail": "mail.created_at",
}
# Who did it, or to whom it was done: one parameter each, a person's number.
BY_PERSON = {
    "step": "log.by_id = %s",
    "remark": "remark.by_id = %s",
    "account": "%s IN (event.by_id, event.person_id)",
    "sign_in": "event.person_id = %s",
    "representation": "%s IN (said.by_id, representation.user_id)",
    "listing": "change.by_id = %s",
    "mail": 'mail."to" && ARRAY(SELECT email FROM accounts_user WHERE id = %s)::varchar[]',
}
OF_APPLICATION = {
    "step": "log.application_id = %s",
    "remark": "remark.application_id = %s",
    "listing": """change.listing_id IN (
        SELECT determined.listing_id FROM verification_determinedcode determined
        JOIN verification_determination determination ON determination.id = determined.determination_id
        WHERE determination.application_id = %s)""",
}
