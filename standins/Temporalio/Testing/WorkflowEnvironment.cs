using Temporalio.Client;

namespace Temporalio.Testing;

/// <summary>A server for tests, with a client of it.</summary>
public class WorkflowEnvironment : IAsyncDisposable
{
    private readonly ServerProgram? server;

    /// <summary>An environment on a server that runs already.</summary>
    public WorkflowEnvironment(ITemporalClient client) => Client = client;

    private protected WorkflowEnvironment(ITemporalClient client, ServerProgram? server)
        : this(client) => this.server = server;

    public ITemporalClient Client { get; protected init; }

    /// <summary>Whether time can pass faster than on the clock.</summary>
    public virtual bool SupportsTimeSkipping => false;

    protected ILogger<WorkflowEnvironment> Logger => Client.Options.LoggerFactory.CreateLogger<WorkflowEnvironment>();

    /// <summary>Starts a server and a client of it; time passes as it does.</summary>
    public static async Task<WorkflowEnvironment> StartLocalAsync(WorkflowEnvironmentStartLocalOptions? options = null)
    {
        options = (WorkflowEnvironmentStartLocalOptions?)options?.Clone() ?? new();
        var server = await ServerProgram.StartAsync(options, options.DevServerOptions.ExistingPath, options.DevServerOptions.ExtraArgs ?? []).ConfigureAwait(false);
        try
        {
            var client = await TemporalClient.ConnectAsync(options).ConfigureAwait(false);
            if (options.SearchAttributes is { Count: > 0 } attributes)
            {
                var request = new Api.OperatorService.V1.AddSearchAttributesRequest { Namespace = options.Namespace };
                request.SearchAttributes.Add(attributes.ToDictionary(key => key.Name, key => key.ValueType));
                await client.OperatorService.AddSearchAttributesAsync(request).ConfigureAwait(false);
            }

            return new(client, server);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts a server that skips time, and a client of it: while a result is awaited, time passes as fast as the workflows allow.</summary>
    public static async Task<WorkflowEnvironment> StartTimeSkippingAsync(WorkflowEnvironmentStartTimeSkippingOptions? options = null)
    {
        options = (WorkflowEnvironmentStartTimeSkippingOptions?)options?.Clone() ?? new();
        var server = await ServerProgram.StartAsync(options, options.TestServer.ExistingPath, [.. options.TestServer.ExtraArgs ?? [], "--time-skipping"]).ConfigureAwait(false);
        try
        {
            var connection = await TemporalConnection.ConnectAsync(options).ConfigureAwait(false);
            return new TimeSkippingEnvironment(connection, options.ToClientOptions(), server);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits so long, by the server's clock.</summary>
    public Task DelayAsync(int millisecondsDelay, CancellationToken? cancellationToken = null) => DelayAsync(TimeSpan.FromMilliseconds(millisecondsDelay), cancellationToken);

    /// <summary>Waits so long, by the server's clock.</summary>
    public virtual Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) => Task.Delay(delay, cancellationToken ?? default);

    /// <summary>The time, by the server's clock.</summary>
    public virtual Task<DateTime> GetCurrentTimeAsync() => Task.FromResult(TimeProvider.System.GetUtcNow().UtcDateTime);

    /// <summary>Calls a function during which waiting for results skips no time.</summary>
    public void WithAutoTimeSkippingDisabled(Action func) => WithAutoTimeSkippingDisabled(() =>
    {
        func();
        return 0;
    });

    /// <summary>Calls a function during which waiting for results skips no time.</summary>
    public virtual T WithAutoTimeSkippingDisabled<T>(Func<T> func) => func();

    /// <summary>Calls a function during which waiting for results skips no time.</summary>
    public Task WithAutoTimeSkippingDisabledAsync(Func<Task> func) => WithAutoTimeSkippingDisabledAsync(async () =>
    {
        await func().ConfigureAwait(false);
        return 0;
    });

    /// <summary>Calls a function during which waiting for results skips no time.</summary>
    public virtual Task<T> WithAutoTimeSkippingDisabledAsync<T>(Func<Task<T>> func) => func();

    /// <summary>Ends the server, if the environment started it.</summary>
    public async Task ShutdownAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ShutdownAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
