using Mainstay.Orchestrator.Execution;
using Mainstay.ServiceDefaults.Configuration;
using Temporalio.Extensions.Hosting;
using Temporalio.Extensions.OpenTelemetry;

namespace Mainstay.Orchestrator.Engine;

internal static class EngineExtensions
{
    private static readonly string[] Keys =
    [
        "mode", "address", "namespace", "api_key", "tls", "task_queue", "max_concurrent_workflow_tasks", "max_concurrent_activities",
        "compress_payloads", "encryption_keys_file", "tls:server_root_ca_file", "tls:client_certificate_file", "tls:client_key_file", "tls:domain",
    ];

    /// <summary>Adds the client of the workflow engine and the worker that runs the tasks.</summary>
    public static WebApplicationBuilder AddEngine(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        RefuseUnknownKeys(configuration);
        var options = new EngineOptions(
            configuration["temporal:task_queue"] is { Length: > 0 } queue ? queue : "mainstay",
            Number(configuration, "temporal:max_concurrent_workflow_tasks", 100),
            Number(configuration, "temporal:max_concurrent_activities", 200));
        builder.Services.AddSingleton(options);
        builder.Services.AddTemporalClient(connect =>
        {
            EngineConnection.Configure(connect, configuration);
            connect.Runtime = EngineMetrics.CreateRuntime();
            connect.Interceptors = [new TracingInterceptor()];
        });
        builder.Services.AddHostedTemporalWorker(options.TaskQueue)
            .AddWorkflow<AgentExecutionWorkflow>()
            .AddSingletonActivities<AgentConfigActivities>()
            .AddSingletonActivities<ModelActivities>()
            .AddSingletonActivities<ToolActivities>()
            .AddSingletonActivities<ApprovalActivities>()
            .AddSingletonActivities<AnswerActivities>()
            .AddSingletonActivities<ProgressActivities>()
            .ConfigureOptions(worker =>
            {
                worker.MaxConcurrentWorkflowTasks = options.MostConcurrentWorkflowTasks;
                worker.MaxConcurrentActivities = options.MostConcurrentActivities;
                worker.GracefulShutdownTimeout = TimeSpan.FromSeconds(15);
            });
        builder.Services.AddHealthChecks().AddCheck<EngineHealthCheck>("temporal");
        return builder;
    }

    private static int Number(IConfiguration configuration, string key, int otherwise) =>
        configuration[key] is not { Length: > 0 } ? otherwise
        : configuration.RequiredNumber(key) is > 0 and var number ? number
        : throw new MainstayConfigurationException($"'{key}' must be more than 0.");

    private static void RefuseUnknownKeys(IConfiguration configuration)
    {
        foreach (var (key, _) in configuration.GetSection("temporal").AsEnumerable(makePathsRelative: true))
        {
            if (key.Length > 0 && !Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                throw new MainstayConfigurationException($"'temporal:{key}' is not a known key. The keys of 'temporal' are {string.Join(", ", Keys)}.");
            }
        }
    }
}
