namespace Mainstay.LlmGateway.Tests.Providers.OpenAi;

/// <summary>A gateway whose model "gpt" is played by an upstream.</summary>
public sealed class OpenAiFixture : IAsyncLifetime
{
    public const string Key = "sk-test-0123456789";

    public const string Script = "turns: [{ content: Unused. }]";

    internal Gateway Gateway { get; private set; } = null!;

    internal Upstream Upstream { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Upstream = await Upstream.StartAsync();
        Gateway = await Gateway.StartAsync(
            Script,
            providers: $$"""
                {name: openai, type: openai, base_url: "{{Upstream.BaseUrl}}", api_key: {{Key}}, timeout: 30s},
                {name: impatient, type: openai, base_url: "{{Upstream.BaseUrl}}", api_key: {{Key}}, timeout: 500ms, max_tokens_field: max_tokens},
                {name: away, type: openai, base_url: "http://127.0.0.1:9", retries: 0}
                """,
            routes: """
                {model: gpt, provider: openai, upstream_model: gpt-test, input_price_per_million: 0.15, output_price_per_million: 0.6, max_output_tokens: 4096},
                {model: impatient, provider: impatient, upstream_model: gpt-test},
                {model: away, provider: away, upstream_model: gpt-test}
                """);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
