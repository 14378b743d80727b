-- uses: passed, touches
-- How often people of theirs hear several of us in one week: weeks of a person in touch in the last 365 days, and those
-- in which two of ours from different units (department and part) met the person in no activity together and not
-- around a hand-over (60 days).
select
    weeks.account_id,
    cast(count(*) as bigint) as n_weeks,
    cast(sum(
        case when n_units > 1 and most_together < 2 and passed.account_id is null then 1 else 0 end
    ) as bigint) as n_uncoordinated
from (
    select
        account_id,
        contact_id,
        week,
        count(distinct unit) as n_units,
        max(together) as most_together
    from (
        select
            touches.account_id,
            coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name) as contact_id,
            cast(date_trunc('week', touches.activity_date) as date) as week,
            concat(coalesce(owners.department, ''), '/', coalesce(owners.role, '')) as unit,
            count(*) over (
                partition by
                    touches.activity_id,
                    coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name)
            ) as together
        from touches
        inner join activities on touches.activity_id = activities.activity_id
        left join activity_contacts on touches.activity_id = activity_contacts.activity_id
        left join owners on touches.seller = owners.owner_id
        where touches.age < 365 and touches.seller is not null
    ) as met
    where contact_id is not null
    group by account_id, contact_id, week
) as weeks
left join (
    select account_id, min(changed_date) as first_date, max(changed_date) as last_date
    from passed
    where date_diff('day', changed_date, cast($as_of as date)) <= 425
    group by account_id
) as passed
    on
        weeks.account_id = passed.account_id
        and date_diff('day', passed.first_date, weeks.week) >= -60
        and date_diff('day', passed.last_date, weeks.week) <= 60
group by weeks.account_id
order by weeks.account_id
