using Mainstay.LlmGateway.Routing;

namespace Mainstay.LlmGateway.Completions;

internal static class CompletionsExtensions
{
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(7);

    /// <summary>Adds the asking of models and the accounts of it.</summary>
    public static WebApplicationBuilder AddCompletions(this WebApplicationBuilder builder)
    {
        var settings = new SettingsSection(builder.Configuration, "llm:idempotency");
        settings.Allow("lease", "retention");
        builder.Services.AddSingleton(new IdempotencySettings(settings.Duration("lease", DefaultLease), settings.Duration("retention", DefaultRetention)));
        builder.Services.AddSingleton<CompletionClaims>();
        builder.Services.AddSingleton<RecordCompletion>();
        builder.Services.AddSingleton<RunCompletion>();
        builder.Services.AddSingleton<RunningCompletions>();
        builder.Services.AddSingleton<CompleteInput>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RunningCompletions>());
        builder.Services.AddHostedService<ForgetCompletions>();
        return builder;
    }
}

/// <summary>How idempotency keys are kept.</summary>
/// <param name="Lease">How long a process that is not heard of is believed to be alive.</param>
/// <param name="Retention">How long an answer is kept for repetitions.</param>
internal sealed record IdempotencySettings(TimeSpan Lease, TimeSpan Retention);
