using Mainstay.LlmGateway;
using Mainstay.Testing;
using Mainstay.ToolGateway;

namespace Mainstay.Skills.Tests;

/// <summary>The other services that the registry calls, each as it is deployed.</summary>
internal static class Peers
{
    /// <summary>An LLM gateway whose models play scripts: "default" and "judge".</summary>
    public static Task<RunningService> LlmGatewayAsync(TestTokens tokens, string scripts, CancellationToken cancellationToken) => RunningService.StartAsync(
        LlmGatewayApplication.Build,
        "llm-gateway",
        cancellationToken,
        $$"""
        llm:
          providers: [{name: rehearsal, type: rehearsal, script_directory: "{{scripts}}", timeout: 60s}]
          routes:
            - {model: default, provider: rehearsal, upstream_model: default, input_price_per_million: 1, output_price_per_million: 10, max_output_tokens: 1000}
            - {model: judge, provider: rehearsal, upstream_model: judge, input_price_per_million: 1, output_price_per_million: 10}
        """,
        tokens);

    /// <summary>A tool gateway with a connector that reads and writes files, and one that cannot be started.</summary>
    public static Task<RunningService> ToolGatewayAsync(TestTokens tokens, string workspace, CancellationToken cancellationToken) => RunningService.StartAsync(
        ToolGatewayApplication.Build,
        "tool-gateway",
        cancellationToken,
        $$"""
        tools:
          connectors:
            - name: filesystem
              type: stdio
              command: node
              arguments: ['{{Repository.Root}}/services/tool-gateway/connectors/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', '{{workspace}}']
            - {name: broken, type: stdio, command: /nowhere/at-all, arguments: []}
        """,
        tokens);

    /// <summary>The arguments by which a service finds another.</summary>
    public static string[] AddressOf(string name, RunningService service)
    {
        var address = new Uri(service.Application.Urls.First());
        return [$"--services:{name}:host", address.Host, $"--services:{name}:grpc", $"{address.Port}"];
    }
}
