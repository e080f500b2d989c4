namespace Temporalio.Worker.Execution;

/// <summary>Logs with the workflow's scope, and nothing while history is replayed.</summary>
internal sealed class ReplaySafeLogger(ILogger logger, IReadOnlyDictionary<string, object?> scope, Func<bool> isReplaying) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !isReplaying() && logger.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!isReplaying())
        {
            using var entered = logger.BeginScope(scope);
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
