namespace Mainstay.ToolGateway.Connectors;

/// <summary>Passes on to the log what a program writes to its error output, and remembers the last line.</summary>
internal sealed partial class ErrorOutput(string connector, ConnectorSecrets secrets, ILogger<ErrorOutput> logger)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string lastLine = "";

    /// <summary>The last line of a program that has ended; empty when it wrote nothing.</summary>
    public async Task<string> LastLineAsync(TimeProvider clock)
    {
        // What it wrote may be read a moment later than its end is noticed.
        await spoken.Task.WaitAsync(LongestDelay, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return lastLine;
    }

    public void Add(string line)
    {
        if (secrets.Hide(line) is { Length: > 0 } text)
        {
            lastLine = text;
            spoken.TrySetResult();
            Log.Said(logger, connector, text);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Connector} said: {Line}")]
        public static partial void Said(ILogger logger, string connector, string line);
    }
}
