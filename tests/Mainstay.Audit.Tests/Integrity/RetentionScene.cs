using System.Text.Json;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.Audit.Tests.Sinks;
using Mainstay.Audit.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Audit.Tests.Integrity;

/// <summary>A trail with a policy of 30 days and a clock of the test's.</summary>
public abstract class RetentionScene : IAsyncLifetime
{
    // Behind the database's clock, however long the test runs.
    private protected static readonly DateTimeOffset Start = new(2025, 1, 20, 12, 0, 0, TimeSpan.Zero);

    private protected SetClock Clock { get; } = new(Start);

    private protected TrailDatabase Trail { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected AppendEvents Append => new(Trail.Database, new AuditPartitions(), Clock);

    private static IntegrityOptions Options => new(null, 4, TimeSpan.FromMinutes(1), Retention: TimeSpan.FromDays(30), RetentionWait: TimeSpan.FromDays(10), []);

    public async ValueTask InitializeAsync() => Trail = await TrailDatabase.CreateAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Trail.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task AppendAsync(int count, AppendEvents? append = null)
    {
        var events = Enumerable.Range(0, count).Select(i => IncomingEvent.TryRead(
            JsonSerializer.SerializeToUtf8Bytes(AuditFixture.NewEvent($"workflow-{i % 2}")), out var read, out var reason) ? read! : throw new ArgumentException(reason)).ToList();
        await (append ?? Append).ExecuteAsync(events, [], Cancellation);
    }

    private protected Task SignAsync() => WithCheckpointsAsync(async checkpoints =>
    {
        await checkpoints.ExecuteAsync(now: true, Cancellation);
        return true;
    });

    /// <summary>Lets days go by in which the service is alive: shortly before their end an event is stored and signed.</summary>
    private protected async Task LiveAsync(double days)
    {
        var end = Clock.Now.AddDays(days);
        Clock.Now = end.AddDays(-2);
        await AppendAsync(1);
        await SignAsync();
        Clock.Now = end;
    }

    private protected Task<bool> DropAsync(params IReadOnlyList<ConfiguredSink> sinks)
    {
        var retention = new SinkRetention(new SinkSet(sinks), Trail.Holds, Clock, NullLogger<SinkRetention>.Instance);
        return WithCheckpointsAsync(checkpoints => new DropExpired(
            Trail.Database, checkpoints, new AnnounceDrop(new AuditPartitions(), Clock), retention, Options, Clock, NullLogger<DropExpired>.Instance).ExecuteAsync(Cancellation));
    }

    private protected async Task<T> WithCheckpointsAsync<T>(Func<MakeCheckpoint, Task<T>> act)
    {
        using var key = new SigningKey(Options, Trail.Database, Clock, NullLogger<SigningKey>.Instance);
        return await act(new MakeCheckpoint(Trail.Database, key, Options, Clock));
    }

    private protected Task<long> CountAsync(string condition = "true") => Trail.ScalarAsync<long>($"select count(*) from audit_event where {condition}", Cancellation);

    private protected Task<VerifyChainResponse> VerifyAsync(long first = 0) =>
        new VerifyChain(Trail.Database, new TrustedKeys(null, Trail.Database)).ExecuteAsync(
            new VerifyChainRequest { FirstSequence = first }, new((string?)null), Cancellation);

    private protected sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
