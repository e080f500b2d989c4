using System.Text.Json.Nodes;
using Dapper;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Canonical;
using Npgsql;
using RabbitMQ.Client;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>The exchange to which audit events go.</summary>
internal sealed record AuditExchange(string Name)
{
    public static AuditExchange Default { get; } = new("mainstay.audit");
}

/// <summary>Publishes the oldest rows of the outbox, in order; a row goes once the broker has put it into a queue and confirmed that.</summary>
internal sealed class PublishOutbox(NpgsqlDataSource database, AuditExchange exchange, OutboxTelemetry telemetry)
{
    private const int BatchSize = 200;

    // Rows that another process of the service holds are left to it.
    private const string Take = """
        select sequence, routing_key, body::text as body, trace_parent
        from outbox
        order by sequence
        limit @BatchSize
        for update skip locked
        """;

    private const string Remove = "delete from outbox where sequence = any(@Sequences)";

    private const string Count = "select count(*) from outbox";

    /// <summary>Makes the exchange where it is missing.</summary>
    public Task DeclareAsync(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(exchange.Name, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);

    /// <summary>Publishes one batch and says whether more may be waiting; a message that fails leaves the whole batch in the outbox.</summary>
    public async Task<bool> ExecuteAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Take, new { BatchSize }, transaction, cancellationToken: cancellationToken))).AsList();
        if (rows.Count == 0)
        {
            return false;
        }

        await Task.WhenAll(rows.Select(row => PublishAsync(channel, row, cancellationToken)));
        await connection.ExecuteAsync(new CommandDefinition(
            Remove, new { Sequences = rows.Select(row => row.Sequence).ToArray() }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        telemetry.Published(rows.Count);
        return rows.Count == BatchSize;
    }

    /// <summary>Counts what waits.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        telemetry.Backlog = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Count, cancellationToken: cancellationToken));
    }

    private async Task PublishAsync(IChannel channel, Row row, CancellationToken cancellationToken)
    {
        using var span = OutboxTelemetry.StartPublish(exchange.Name, row.RoutingKey, row.TraceParent);
        var auditEvent = JsonNode.Parse(row.Body)!.AsObject();
        var headers = CloudEventAttributes.Of(auditEvent)
            .ToDictionary(attribute => CloudEventAttributes.HeaderPrefix + attribute.Name, object? (attribute) => attribute.Value);
        if ((span?.Id ?? row.TraceParent) is { } traceParent)
        {
            headers["traceparent"] = traceParent;
        }

        var properties = new BasicProperties
        {
            ContentType = "application/json",
            Persistent = true,
            MessageId = (string?)headers.GetValueOrDefault($"{CloudEventAttributes.HeaderPrefix}id"),
            Headers = headers,
        };

        // Mandatory: the broker would confirm, and drop, what no queue is bound for. In its canonical form, an event is stored as it was sent.
        await channel.BasicPublishAsync(exchange.Name, row.RoutingKey, mandatory: true, properties, CanonicalJson.Serialize(auditEvent), cancellationToken);
    }

    private sealed record Row(long Sequence, string RoutingKey, string Body, string? TraceParent);
}
