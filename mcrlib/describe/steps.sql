-- Deals won in the last 365 days whose stages are on record, and whether they skipped one: the ladder is lead, qualify,
-- develop, propose, negotiate, won. Other words for stages say nothing.
select
    opportunity_id,
    max(case when after_place > before_place + 1 then 1 else 0 end) as is_skipping
from (
    select
        opportunities.opportunity_id,
        case stage_history.old
            when 'lead' then 1
            when 'qualify' then 2
            when 'develop' then 3
            when 'propose' then 4
            when 'negotiate' then 5
        end as before_place,
        case stage_history.new
            when 'qualify' then 2
            when 'develop' then 3
            when 'propose' then 4
            when 'negotiate' then 5
            when 'won' then 6
        end as after_place
    from opportunities
    inner join stage_history on opportunities.opportunity_id = stage_history.object_id
    where
        opportunities.status = 'won'
        and stage_history.changed_date <= cast($as_of as date)
        and opportunities.closed_date <= cast($as_of as date)
        and date_diff('day', opportunities.closed_date, cast($as_of as date)) < 365
) as climbed
where before_place is not null and after_place is not null
group by opportunity_id
