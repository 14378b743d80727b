-- uses: passed, touches
-- How each hand-over went: the people of theirs whom the one before was in touch with in the year until it, how many of
-- them the one after reached within 90 days and has reached so far, and how many met both of them in one activity
-- within 60 days (empty where no activity names two of ours).
select
    account_id,
    changed_date,
    old_owner,
    new_owner,
    cast(count(*) as bigint) as n_before,
    cast(sum(is_reached) as bigint) as n_reached,
    cast(sum(is_known) as bigint) as n_known,
    case when (select count(*) from activity_owners) > 0 then cast(sum(is_joint) as bigint) end as n_joint
from (
    select
        account_id,
        changed_date,
        old_owner,
        new_owner,
        contact_id,
        max(case when seller = old_owner and since < 0 then 1 else 0 end) as is_before,
        max(case when seller = new_owner and since between 0 and 90 then 1 else 0 end) as is_reached,
        max(case when seller = new_owner and since >= 0 then 1 else 0 end) as is_known,
        max(case when ours = 2 and since between -60 and 60 then 1 else 0 end) as is_joint
    from (
        select
            passed.account_id,
            passed.changed_date,
            passed.old_owner,
            passed.new_owner,
            touches.seller,
            coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name) as contact_id,
            date_diff('day', passed.changed_date, touches.activity_date) as since,
            count(*) over (
                partition by
                    passed.account_id,
                    passed.changed_date,
                    touches.activity_id,
                    coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name)
            ) as ours
        from passed
        inner join touches
            on passed.account_id = touches.account_id and touches.seller in (passed.old_owner, passed.new_owner)
        inner join activities on touches.activity_id = activities.activity_id
        left join activity_contacts on touches.activity_id = activity_contacts.activity_id
        where date_diff('day', passed.changed_date, touches.activity_date) >= -365
    ) as met
    where contact_id is not null
    group by account_id, changed_date, old_owner, new_owner, contact_id
) as people
where is_before = 1
group by account_id, changed_date, old_owner, new_owner
order by changed_date, account_id
