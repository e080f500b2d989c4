using Dapper;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Outbox;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>What can be done to a sink: the state it is in afterwards, and the action that the trail records.</summary>
internal sealed record SinkChange(string Hold, string Action, string Result)
{
    public static SinkChange Pause { get; } = new("paused", "sink_pause", "success");

    public static SinkChange Resume { get; } = new("none", "sink_resume", "success");

    public static SinkChange Stop { get; } = new("stopped", "sink_stop", "failure");

    public static SinkChange Disable { get; } = new("disabled", "sink_disable", "failure");
}

/// <summary>Holds sinks and lets them go, and records that in the trail in the same transaction.</summary>
internal sealed class SinkHolds(AuditOutbox outbox, TimeProvider clock)
{
    /// <summary>Who acts where nobody asked.</summary>
    public const string Service = "audit";

    private const string Update = """
        update sink_state
        set hold = @Hold, hold_reason = @Reason, failure = '', failure_count = 0, retry_time = null, update_time = @Now
        where sink_name = @SinkName
        """;

    private const string Notify = "select pg_notify(@Channel, @SinkName)";

    /// <summary>Changes the state of a sink.</summary>
    public async Task ExecuteAsync(
        NpgsqlConnection connection, string sinkName, SinkChange change, string reason, string actor, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            Update, new { sinkName, change.Hold, reason, Now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        await RecordAsync(connection, transaction, sinkName, change.Action, change.Result, reason, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Records that something was done to a sink, and tells its runner.</summary>
    public async Task RecordAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string sinkName,
        string action,
        string result,
        string reason,
        string actor,
        CancellationToken cancellationToken)
    {
        await outbox.AppendAsync(
            connection,
            transaction,
            new AuditEvent
            {
                EventId = AuditEvent.NewId(clock),
                Timestamp = clock.GetUtcNow(),
                Action = action,
                Result = result,
                Service = Service,
                Resource = new AuditResource { Connector = "audit_sink", DocumentId = sinkName, DocumentName = sinkName },
                UserContext = new AuditUserContext { InitiatedBy = actor },
                Attributes = reason.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["reason"] = reason },
            },
            cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Notify, new { SinkStore.Channel, sinkName }, transaction, cancellationToken: cancellationToken));
    }
}
