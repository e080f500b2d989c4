using Grpc.Core;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>One MCP server: started when it is first needed, and again when it has died.</summary>
internal sealed partial class Connector(ConnectorOptions options, ILoggerFactory loggers, TimeProvider clock) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource disposed = new();
    private readonly StartBackoff backoff = new(clock);
    private readonly ConnectorSecrets secrets = new(options);
    private readonly ILogger logger = loggers.CreateLogger<Connector>();
    private Task<ConnectorSession>? starting;
    private ConnectorSession? session;
    private string lastFailure = "";

    public string Name => options.Name;

    /// <summary>The longest that a call may take.</summary>
    public TimeSpan CallTimeout => options.Timeout;

    /// <summary>A session that lives; fails with UNAVAILABLE and the reason when the server cannot be started.</summary>
    public Task<ConnectorSession> OpenAsync(CancellationToken cancellationToken) => LivingOrStarting().WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await disposed.CancelAsync();
        if (starting is { } last)
        {
            await last.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        if (session is not null)
        {
            await session.DisposeAsync();
        }

        disposed.Dispose();
    }

    // One start serves all who wait for it, and goes on when one of them goes away.
    private Task<ConnectorSession> LivingOrStarting()
    {
        lock (gate)
        {
            if (session is { IsAlive: true })
            {
                return Task.FromResult(session);
            }

            // A server that has just failed to start is not hammered; whoever asks meanwhile hears why.
            if (starting is null or { IsCompleted: true })
            {
                starting = backoff.Remaining > TimeSpan.Zero
                    ? Task.FromException<ConnectorSession>(ToolErrors.ConnectorUnavailable(Name, lastFailure, backoff.Remaining))
                    : Task.Run(StartAsync);
            }

            return starting;
        }
    }

    private async Task<ConnectorSession> StartAsync()
    {
        if (session is not null)
        {
            Log.Died(logger, Name, await session.EndingAsync());
            await session.DisposeAsync();
        }

        var errors = new ErrorOutput(Name, secrets, loggers.CreateLogger<ErrorOutput>());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(disposed.Token);
        patience.CancelAfter(options.StartTimeout);
        try
        {
            var started = await ConnectorSession.OpenAsync(ConnectorTransport.For(options, errors, loggers), Name, secrets, logger, patience.Token);
            backoff.Reset();
            session = started;
            Log.Started(logger, Name, started.Tools.Count);
            return started;
        }
        catch (Exception e)
        {
            var lastWords = options.Command is null ? "" : await errors.LastLineAsync(clock);
            throw Refuse(StartFailure.Explain(e, options, secrets, lastWords));
        }
    }

    private RpcException Refuse(string why)
    {
        backoff.Fail();
        lastFailure = why;
        Log.NotStarted(logger, Name, why);
        return ToolErrors.ConnectorUnavailable(Name, why, backoff.Remaining);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The connector {Connector} is up with {Tools} tools")]
        public static partial void Started(ILogger logger, string connector, int tools);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The connector {Connector} has died ({Ending}); starting it again")]
        public static partial void Died(ILogger logger, string connector, string ending);

        [LoggerMessage(Level = LogLevel.Error, Message = "The connector {Connector} cannot be used: {Why}")]
        public static partial void NotStarted(ILogger logger, string connector, string why);
    }
}
