namespace Mainstay.TemporalServer.Storage;

/// <summary>Closed runs taken away: by request, or because their retention is over.</summary>
internal sealed partial class Store
{
    /// <summary>Deletes a run with its history.</summary>
    public async Task DeleteRunAsync(string runId)
    {
        await using var delete = source.CreateCommand("""
            with doomed as (select namespace, workflow_id, run_id from run where run_id = $1),
                events as (delete from history where run_id = $1),
                newest as (delete from current_run using doomed where (current_run.namespace, current_run.workflow_id, current_run.run_id) = (doomed.namespace, doomed.workflow_id, doomed.run_id))
            delete from run where run_id = $1
            """);
        delete.Parameters.Add(new() { Value = Guid.Parse(runId) });
        await delete.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes closed runs of a namespace that ended before a time, at most so many; returns how many there were.</summary>
    public async Task<int> DeleteClosedAsync(string @namespace, DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        await using var delete = source.CreateCommand("""
            with doomed as (
                select namespace, workflow_id, run_id from run
                where namespace = $1 and close_time < $2 and not has_tasks
                order by close_time
                limit $3
            ),
            events as (delete from history where run_id in (select run_id from doomed)),
            newest as (delete from current_run using doomed where (current_run.namespace, current_run.workflow_id, current_run.run_id) = (doomed.namespace, doomed.workflow_id, doomed.run_id))
            delete from run where run_id in (select run_id from doomed)
            """);
        delete.Parameters.Add(new() { Value = @namespace });
        delete.Parameters.Add(new() { Value = before.UtcDateTime });
        delete.Parameters.Add(new() { Value = most });
        return await delete.ExecuteNonQueryAsync(cancellationToken);
    }
}
