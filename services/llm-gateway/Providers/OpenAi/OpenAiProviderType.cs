using Mainstay.LlmGateway.Routing;

namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>Providers of type <c>openai</c>: whoever offers the API of OpenAI's chat completions.</summary>
internal sealed class OpenAiProviderType : IModelProviderType
{
    private const string OpenAiHost = "api.openai.com";
    private const int MostRetries = 10;

    private static readonly string[] LimitFields = ["max_completion_tokens", "max_tokens"];

    public string Name => "openai";

    public IReadOnlyList<string> Keys => ["base_url", "api_key", "timeout", "retries", "max_tokens_field"];

    public IPreparedProvider Prepare(string name, SettingsSection section)
    {
        if (!Uri.TryCreate($"{section.Required("base_url").TrimEnd('/')}/chat/completions", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw section.Refuse("base_url", "must be an http or https address, such as https://api.openai.com/v1");
        }

        // The key stays out of the message, which goes to the console.
        var key = section.Text("api_key");
        if (key.Any(character => !char.IsAscii(character) || char.IsControl(character) || character == ' '))
        {
            throw section.Refuse("api_key", "must be one word of ASCII characters");
        }

        var retries = section.Number("retries", 2);
        if (retries > MostRetries)
        {
            throw section.Refuse("retries", $"must be at most {MostRetries}");
        }

        var field = section.Text("max_tokens_field") is { Length: > 0 } named ? named : LimitFields[0];
        if (!LimitFields.Contains(field))
        {
            throw section.Refuse("max_tokens_field", $"must be one of {string.Join(", ", LimitFields)}, not '{field}'");
        }

        return new Prepared(section, new OpenAiSettings(name, address, key, section.Duration("timeout", IModelProvider.DefaultTimeout), retries, field));
    }

    private sealed class Prepared(SettingsSection section, OpenAiSettings settings) : IPreparedProvider
    {
        // Only once a route leads here: a provider without a key may stand ready in the configuration.
        public void AddModel(string upstreamModel, SettingsSection route)
        {
            if (settings.Key.Length == 0 && settings.Address.Host == OpenAiHost)
            {
                throw section.Refuse("api_key", $"is not set, and {OpenAiHost} wants one. Where '${{OPENAI_API_KEY}}' is to give it, set that variable");
            }
        }

        public IModelProvider Make(IServiceProvider services) => new OpenAiProvider(
            settings, new OpenAiClient(settings, services.GetRequiredService<TimeProvider>()), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<OpenAiProvider>>());
    }
}

/// <summary>How a provider is reached.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Address">Where completions are posted.</param>
/// <param name="Key">The key; empty where none is wanted.</param>
/// <param name="Timeout">How long an answer may take, retries included.</param>
/// <param name="Retries">How often a passing failure is tried again.</param>
/// <param name="LimitField">The field that carries the most tokens of an answer.</param>
internal sealed record OpenAiSettings(string Name, Uri Address, string Key, TimeSpan Timeout, int Retries, string LimitField)
{
    // A record would print its key.
    public override string ToString() => Name;
}
