using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Mainstay.Audit.V1;
using Mainstay.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;
using BusEvent = Mainstay.BusContracts.AuditEvent;

namespace Mainstay.Audit.Tests;

/// <summary>A running audit service with a queue of its own, that the tests of a class share.</summary>
public class AuditFixture : IAsyncLifetime
{
    private readonly string queue = $"mainstay.audit.test.{Guid.CreateVersion7():n}";
    private IConnection broker = null!;
    private IChannel channel = null!;

    public RunningService Service { get; private set; } = null!;

    public NpgsqlDataSource Database => Service.Application.Services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>Where messages that are no event wait for operators' tools.</summary>
    public string DeadLetterQueue => $"{queue}.dead";

    private string OwnExchange => $"{queue}.alone";

    /// <summary>The test's own channel to the broker.</summary>
    public IChannel Channel => channel;

    /// <summary>Whether nothing comes but what is published to the queue itself. Over the common exchange other tests' events come as well.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The <c>audit.sinks</c> of the service.</summary>
    protected virtual string Sinks => "[]";

    /// <summary>Further keys of <c>audit</c>, each with a comma before it.</summary>
    protected virtual string Settings => "";

    public virtual async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await StartServiceAsync(cancellationToken);
        broker = await new ConnectionFactory { Uri = new Uri(Service.Application.Configuration["rabbitmq:uri"]!) }.CreateConnectionAsync(cancellationToken);
        channel = await broker.CreateChannelAsync(cancellationToken: cancellationToken);

        // The service binds its queue once it has reached the broker; an event that comes earlier has nowhere to wait.
        await Eventually.TrueAsync(async () => await IsConsumedAsync(cancellationToken), cancellationToken);

        // The service makes it with the first dead letter, and a look at a queue that is not there yet would close the channel.
        await channel.QueueDeclareAsync(
            DeadLetterQueue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await channel.QueueDeleteAsync(queue);
        await channel.QueueDeleteAsync(DeadLetterQueue);
        await channel.ExchangeDeleteAsync(queue);
        await channel.ExchangeDeleteAsync(OwnExchange);
        await broker.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A client that may read the trail.</summary>
    public AuditService.AuditServiceClient Reader() => new(Service.As("ada", ("rbac_scope", "audit:read")));

    /// <summary>A client that may do everything.</summary>
    public AuditService.AuditServiceClient Administrator() => new(Service.As("root", ("role", "admin")));

    /// <summary>An event of a workflow.</summary>
    public static BusEvent NewEvent(string workflowId, string action = "tool_call", string result = "success") => new()
    {
        EventId = BusEvent.NewId(TimeProvider.System),
        Timestamp = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero),
        WorkflowId = workflowId,
        Action = action,
        Result = result,
        Service = "tool-gateway",
        Attributes = new Dictionary<string, string> { ["größe"] = "1 µm" },
    };

    /// <summary>Publishes an event as a service's outbox does.</summary>
    public Task PublishAsync(BusEvent auditEvent) => PublishAsync(JsonSerializer.Serialize(auditEvent));

    /// <summary>Publishes any text.</summary>
    public Task PublishAsync(string body, string? traceParent = null) => PublishAsync(Encoding.UTF8.GetBytes(body), traceParent);

    /// <summary>Publishes any bytes.</summary>
    public async Task PublishAsync(byte[] body, string? traceParent = null) => await channel.BasicPublishAsync(
        "",
        queue,
        mandatory: true,
        new BasicProperties
        {
            ContentType = "application/json",
            Persistent = true,
            Headers = traceParent is null ? null : new Dictionary<string, object?> { ["traceparent"] = traceParent },
        },
        body,
        TestContext.Current.CancellationToken);

    /// <summary>Waits until the trail holds a number of a workflow's events; not by an rpc, as each reading is an event itself.</summary>
    public Task ArrivedAsync(string workflowId, int count) => Eventually.TrueAsync(
        async () =>
        {
            await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            return await connection.ExecuteScalarAsync<int>("select count(*) from audit_event where workflow_id = @workflowId", new { workflowId }) >= count;
        },
        TestContext.Current.CancellationToken);

    /// <summary>Waits until the trail holds a number of a workflow's events and returns them.</summary>
    public async Task<IReadOnlyList<AuditEvent>> StoredAsync(string workflowId, int count)
    {
        await ArrivedAsync(workflowId, count);
        var found = await Administrator().SearchEventsAsync(
            new SearchEventsRequest { WorkflowId = workflowId, PageSize = 1000 }, cancellationToken: TestContext.Current.CancellationToken);
        return found.Events;
    }

    /// <summary>Waits for the dead letter of a body and returns its reason.</summary>
    public Task<string> DeadLetterAsync(string body) => DeadLetterAsync(Encoding.UTF8.GetBytes(body));

    /// <summary>Waits for the dead letter of a body and returns its reason.</summary>
    public async Task<string> DeadLetterAsync(byte[] body)
    {
        string? reason = null;
        var digest = SHA256.HashData(body);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
                reason = await connection.QueryFirstOrDefaultAsync<string>("select reason from dead_letter where digest = @digest", new { digest });
                return reason is not null;
            },
            TestContext.Current.CancellationToken);
        return reason!;
    }

    private async Task StartServiceAsync(CancellationToken cancellationToken) => Service = await RunningService.StartAsync(
        AuditApplication.Build, "audit", cancellationToken, $"audit: {{ queue: {queue}, exchange: {(IsAlone ? OwnExchange : "mainstay.audit")}, sinks: {Sinks}{Settings} }}");

    private async Task<bool> IsConsumedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await channel.ConsumerCountAsync(queue, cancellationToken) > 0;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            // A question about a queue that is not there yet closes the channel.
            channel = await broker.CreateChannelAsync(cancellationToken: cancellationToken);
            return false;
        }
    }
}
