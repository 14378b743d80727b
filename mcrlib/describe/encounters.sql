-- uses: touches
-- Who of theirs met whom of ours, one row per activity, person of theirs and person of ours. Touches with nobody of
-- theirs named keep one row with an empty contact: they count as effort, not as breadth.
select
    touches.activity_id,
    touches.account_id,
    coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name) as contact_id,
    touches.seller,
    touches.activity_type,
    coalesce(touches.direction, 'two_way') as direction,
    touches.activity_date,
    touches.age
from touches
inner join activities on touches.activity_id = activities.activity_id
left join activity_contacts on touches.activity_id = activity_contacts.activity_id
