using Mainstay.Audit.Recording;
using Mainstay.Audit.Recording.Bus;
using Mainstay.Audit.Tests.Sinks;
using Mainstay.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Mainstay.Audit.Tests.Recording.Bus;

public sealed class StoreBatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_QueueOfDeadLettersNeverTakesThem_EndsWithThemInTheTableOnce()
    {
        await using var trail = await TrailDatabase.CreateAsync(Cancellation);
        var broker = await TestServers.RabbitMqAsync();
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);

        // Not what the service declares, which the broker refuses.
        var taken = await channel.QueueDeclareAsync($"taken-{Guid.CreateVersion7():n}", durable: false, exclusive: false, autoDelete: true, cancellationToken: Cancellation);
        await using var deadLetters = new DeadLetterQueue(broker, taken.QueueName);
        var clock = new HastyClock();
        var storeBatch = new StoreBatch(new AppendEvents(trail.Database, new AuditPartitions(), TimeProvider.System), deadLetters, clock, NullLogger<StoreBatch>.Instance);

        await storeBatch.StoreAsync([], [new DeadLetter("no JSON", [1]), new DeadLetter("no JSON", [2])], Cancellation);

        Assert.Equal(9, clock.Timers);
        Assert.Equal(2, await trail.ScalarAsync<long>("select count(*) from dead_letter where receive_count = 1", Cancellation));
        await channel.QueueDeleteAsync(taken.QueueName, cancellationToken: Cancellation);
    }

    // Waits for nothing.
    private sealed class HastyClock : TimeProvider
    {
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
