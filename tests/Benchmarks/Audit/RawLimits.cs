using System.Diagnostics;
using System.Text.Json;
using Mainstay.Benchmarks.Harness;
using Mainstay.BusContracts;
using Npgsql;
using NpgsqlTypes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Mainstay.Benchmarks.Audit;

/// <summary>What the machine's broker and database do at most: messages taken off a queue, rows put into a table, with nothing in between.</summary>
internal sealed class RawLimits(Uri broker, NpgsqlDataSource database)
{
    private const int Batch = 4000;
    private const string Queue = "bench.raw";

    private long copied;

    /// <summary>Takes messages off a quorum queue with RabbitMQ.Client, acknowledging each four thousand; the messages are there before.</summary>
    public async Task<Reading> ConsumeAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await using (var publisher = await Publisher.OpenAsync(broker, Queue, cancellationToken))
        {
            await publisher.PublishAsync(events, cancellationToken);
        }

        await channel.BasicQosAsync(0, 3 * Batch, global: false, cancellationToken);
        var done = new TaskCompletionSource();
        var received = 0;
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            received++;
            if (received % Batch == 0 || received == events.Count)
            {
                await channel.BasicAckAsync(message.DeliveryTag, multiple: true, cancellationToken);
            }

            if (received == events.Count)
            {
                done.TrySetResult();
            }
        };
        var started = Stopwatch.GetTimestamp();
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, cancellationToken);
        await done.Task.WaitAsync(cancellationToken);
        return new(events.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 0, 0);
    }

    /// <summary>
    /// Copies the rows into a table of the trail's columns and indexes, four thousand to a transaction, the most that the service takes; they are made before. The table
    /// grows from one time to the next as the trail does.
    /// </summary>
    public async Task<Reading> CopyAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        var rows = events.Select(one => (Event: one, Entry: JsonSerializer.SerializeToUtf8Bytes(one))).ToList();
        var hash = new string('a', 64);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (copied == 0)
        {
            await ExecuteAsync(
                connection,
                "create table bench_copy (like audit_event including indexes); create unique index on bench_copy (sequence); create unique index on bench_copy (event_id)",
                cancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var chunk in rows.Chunk(Batch))
        {
            await using var writer = await connection.BeginBinaryImportAsync("copy bench_copy from stdin (format binary)", cancellationToken);
            foreach (var (one, entry) in chunk)
            {
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(++copied, NpgsqlDbType.Bigint, cancellationToken);
                await writer.WriteAsync(one.EventId, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(one.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await writer.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellationToken);
                await writer.WriteAsync(one.Resource.ProjectId, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(copied, NpgsqlDbType.Bigint, cancellationToken);
                await writer.WriteAsync(hash, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(entry, NpgsqlDbType.Text, cancellationToken);
                foreach (var value in (string[])[one.WorkflowId, one.AgentId, one.Action, one.Result, one.Service, one.Resource.DocumentId, one.UserContext.InitiatedBy, one.TraceId])
                {
                    await writer.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);
                }
            }

            await writer.CompleteAsync(cancellationToken);
        }

        return new(events.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 0, 0);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
