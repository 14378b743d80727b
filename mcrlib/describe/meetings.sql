-- uses: moments, touches
-- Each person of theirs who was in touch in the three years before a moment, and whether that person met nobody of ours
-- but who held the account at the time.
select
    moments.account_id,
    moments.owner_id,
    moments.moment,
    moments.is_now,
    coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name) as contact_id,
    count(distinct touches.activity_id) as n_touches,
    min(case when touches.seller = holders.owner_id then 1 else 0 end) as is_exclusive
from moments
inner join touches
    on
        moments.account_id = touches.account_id
        and touches.activity_date < moments.moment + moments.is_now
        and date_diff('day', touches.activity_date, moments.moment) <= 1095
inner join activities on touches.activity_id = activities.activity_id
left join activity_contacts on touches.activity_id = activity_contacts.activity_id
left join holders
    on
        touches.account_id = holders.account_id
        and coalesce(touches.activity_date >= holders.valid_from, true)
        and coalesce(touches.activity_date < holders.valid_to, true)
group by
    moments.account_id,
    moments.owner_id,
    moments.moment,
    moments.is_now,
    coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name)
