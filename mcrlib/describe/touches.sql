-- Activities that took place up to $as_of, with the person of ours, one row per activity and person.
-- Planned and cancelled ones, notes to ourselves and system users are no touch.
select distinct
    activities.activity_id,
    activities.account_id,
    activities.activity_type,
    activities.direction,
    activities.activity_date,
    date_diff('day', activities.activity_date, cast($as_of as date)) as age,
    coalesce(activity_owners.owner_id, activities.owner_id) as seller
from activities
left join activity_owners on activities.activity_id = activity_owners.activity_id
left join owners on coalesce(activity_owners.owner_id, activities.owner_id) = owners.owner_id
where
    activities.activity_date <= cast($as_of as date)
    and coalesce(activities.status, 'done') = 'done'
    and coalesce(activities.activity_type, 'other') <> 'note'
    and coalesce(owners.user_kind, 'human') = 'human'
