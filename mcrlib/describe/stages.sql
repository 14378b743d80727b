-- Which stages each deal is known to have passed up to the as-of date, and how many days it stood in each: until the day
-- of its next change, else until it was closed; not known where it stands there still. No time of day is on record: of
-- several changes on one day, one that another goes on from was of no day.
select
    steps.object_id as opportunity_id,
    steps.new as stage,
    cast(
        sum(
            case
                when went_on.old is not null then 0
                when next_days.next_date is not null then date_diff('day', steps.changed_date, next_days.next_date)
                when
                    opportunities.closed_date between steps.changed_date and cast($as_of as date)
                    then date_diff('day', steps.changed_date, opportunities.closed_date)
            end
        ) as double
    ) as days
from stage_history as steps
left join (
    select distinct
        object_id,
        changed_date,
        old
    from stage_history
) as went_on
    on steps.object_id = went_on.object_id
    and steps.changed_date = went_on.changed_date
    and steps.new = went_on.old
left join (
    select
        object_id,
        changed_date,
        lead(changed_date) over (partition by object_id order by changed_date) as next_date
    from (
        select distinct
            object_id,
            changed_date
        from stage_history
        where changed_date <= cast($as_of as date)
    ) as days
) as next_days
    on steps.object_id = next_days.object_id and steps.changed_date = next_days.changed_date
left join opportunities on steps.object_id = opportunities.opportunity_id
where steps.changed_date <= cast($as_of as date)
group by steps.object_id, steps.new
order by opportunity_id, stage
