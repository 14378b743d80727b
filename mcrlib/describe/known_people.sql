-- uses: persons
-- Everything that the export tells of each person we know at the as-of date: part in the decision, support and intimacy
-- as recorded, how we are in touch, how strategic deals with the person ended, and what should not be overlooked.
select
    persons.account_id,
    persons.contact_id,
    contacts.contact_name,
    persons.level,
    persons.function,
    contacts.decision_role,
    persons.is_key = 1 as is_key,
    persons.is_active = 1 as is_active,
    cast(persons.power as double) as power,
    cast(persons.support as double) as support,
    contacts.intimacy / cast(5 as double) as intimacy,
    cast(persons.engagement as double) as engagement,
    best.seller as closest,
    met.first_date,
    met.last_date,
    coalesce(met.n_touches, 0) as n_touches,
    coalesce(met.n_personal, 0) as n_personal,
    coalesce(dealt.n_strategic, 0) as n_strategic,
    coalesce(dealt.n_strategic_won, 0) as n_strategic_won,
    coalesce(dealt.n_new_deals, 0) as n_new_deals,
    coalesce(aggrieved.n_grievances, 0) as n_grievances,
    coalesce(aggrieved.n_unsettled, 0) as n_unsettled,
    coalesce(superiors.level = 'exec', false) as is_under_exec,
    coalesce(logged.is_logged, 0) = 1 as is_logged
from persons
inner join contacts on persons.contact_id = contacts.contact_id
left join contacts as superiors on contacts.reports_to_id = superiors.contact_id
left join (
    select
        contact_id,
        min(activity_date) as first_date,
        max(activity_date) as last_date,
        count(distinct activity_id) as n_touches,
        -- an answer, within a year, to a touch in which nobody else of theirs took part
        count(distinct case when age < 365 and direction <> 'out' and n_people = 1 then activity_id end) as n_personal
    from (
        select
            encounters.*,
            count(*) over (partition by activity_id, seller) as n_people
        from encounters
    ) as counted
    where contact_id is not null
    group by contact_id
) as met on persons.contact_id = met.contact_id
left join (
    select contact_id, seller
    from (
        select
            contact_id,
            seller,
            row_number() over (partition by contact_id order by engagement desc, seller) as place
        from ties
        where contact_id is not null and seller is not null
    ) as ranked
    where place = 1
) as best on persons.contact_id = best.contact_id
left join (
    select
        opportunity_contacts.contact_id,
        count(distinct case when opportunities.is_strategic and opportunities.status in ('won', 'lost')
            and opportunities.closed_date <= cast($as_of as date) then opportunities.opportunity_id end) as n_strategic,
        count(distinct case when opportunities.is_strategic and opportunities.status = 'won'
            and opportunities.closed_date <= cast($as_of as date) then opportunities.opportunity_id end)
            as n_strategic_won,
        count(distinct case when opportunities.created_date <= cast($as_of as date)
            and date_diff('day', opportunities.created_date, cast($as_of as date)) < 180
            then opportunities.opportunity_id end) as n_new_deals
    from opportunity_contacts
    inner join opportunities on opportunity_contacts.opportunity_id = opportunities.opportunity_id
    where not coalesce(opportunities.is_deleted, false)
    group by opportunity_contacts.contact_id
) as dealt on persons.contact_id = dealt.contact_id
left join (
    select
        contact_id,
        count(*) as n_grievances,
        count(case when closed_date is null or closed_date > cast($as_of as date) then 1 end) as n_unsettled
    from cases
    where
        opened_date <= cast($as_of as date)
        and date_diff('day', opened_date, cast($as_of as date)) < 1095
        and coalesce(kind, 'issue') <> 'question'
    group by contact_id
) as aggrieved on persons.contact_id = aggrieved.contact_id
left join (
    select account_id, 1 as is_logged
    from touches
    where age < 365
    group by account_id
) as logged on persons.account_id = logged.account_id
order by persons.account_id, persons.contact_id
