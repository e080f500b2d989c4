namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>Asks a model by the API of OpenAI's chat completions; tries again what passes, unless some text has been handed on already.</summary>
internal sealed partial class OpenAiProvider(OpenAiSettings settings, OpenAiClient client, TimeProvider clock, ILogger<OpenAiProvider> logger) : IModelProvider
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    public string Name => settings.Name;

    public TimeSpan Timeout => settings.Timeout;

    public async Task<ProviderAnswer> AnswerAsync(ModelQuestion question, Action<string> onText, CancellationToken cancellationToken)
    {
        var isTold = false;
        var pause = FirstPause;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await client.AskAsync(question, Tell, cancellationToken);
            }
            catch (OpenAiFailure failure)
            {
                var wait = Jitter(failure.RetryAfter is { } asked && asked > pause ? asked : pause);
                if (!failure.IsPassing || isTold || attempt == settings.Retries || wait > LongestPause)
                {
                    throw failure.ToError(settings.Name);
                }

                Log.TryingAgain(logger, settings.Name, failure.Message, wait);
                await Task.Delay(wait, clock, cancellationToken);
                pause *= 2;
            }
        }

        void Tell(string text)
        {
            isTold = true;
            onText(text);
        }
    }

    // So that those who were turned away together do not come back together.
    private static TimeSpan Jitter(TimeSpan pause) => pause * (1 + (0.2 * Random.Shared.NextDouble()));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider} {Problem}; trying again in {Pause}")]
        public static partial void TryingAgain(ILogger logger, string provider, string problem, TimeSpan pause);
    }
}
