-- Which stages each deal is known to have passed up to the as-of date, and how many days it stood in each: until its
-- next change, else until it was closed; not known where it stands there still.
select
    opportunity_id,
    stage,
    cast(sum(case when left_there >= entered then date_diff('day', entered, left_there) end) as double) as days
from (
    select
        steps.object_id as opportunity_id,
        steps.new as stage,
        steps.changed_date as entered,
        coalesce(
            lead(steps.changed_date) over (partition by steps.object_id order by steps.changed_date, steps.change_id),
            case when opportunities.closed_date <= cast($as_of as date) then opportunities.closed_date end
        ) as left_there
    from stage_history as steps
    left join opportunities on steps.object_id = opportunities.opportunity_id
    where steps.changed_date <= cast($as_of as date)
) as stood
group by opportunity_id, stage
order by opportunity_id, stage
