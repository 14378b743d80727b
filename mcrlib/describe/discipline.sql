-- uses: steps, lined
-- Signs of a way of working that the whole company shares, of the last 365 days: won deals whose stages are on record
-- and how many of them skipped none; lost deals with a reason and how many of them named the price; orders whose
-- product lines are known and how many of them held a single one.
select
    (select cast(count(*) as bigint) from steps) as n_followed,
    (select cast(coalesce(sum(1 - is_skipping), 0) as bigint) from steps) as n_orderly,
    lost.n_told,
    lost.n_price,
    sold.n_lined,
    sold.n_single
from (
    select
        cast(count(*) as bigint) as n_told,
        cast(coalesce(sum(
            case
                when lower(lost_reason) like '%price%' or lost_reason like '%价%' or lost_reason like '%價%' then 1
                else 0
            end
        ), 0) as bigint) as n_price
    from opportunities
    where
        status = 'lost' and length(lost_reason) > 1
        and closed_date <= cast($as_of as date)
        and date_diff('day', closed_date, cast($as_of as date)) < 365
) as lost
cross join (
    select
        cast(count(*) as bigint) as n_lined,
        cast(coalesce(sum(case when n_lines = 1 then 1 else 0 end), 0) as bigint) as n_single
    from (
        select order_id, count(distinct product_line) as n_lines
        from lined
        where status = 'valid' and date_diff('day', order_date, cast($as_of as date)) < 365
        group by order_id
    ) as baskets
    where n_lines > 0
) as sold
