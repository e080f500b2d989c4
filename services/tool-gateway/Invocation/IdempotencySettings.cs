using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>How idempotency keys are kept.</summary>
/// <param name="Lease">How long a gateway that is not heard of is believed to be alive; default 30 s.</param>
/// <param name="Retention">How long a result is kept for repetitions; default 7 days.</param>
internal sealed record IdempotencySettings(TimeSpan Lease, TimeSpan Retention)
{
    private const string Section = "tools:idempotency";

    /// <summary>Reads <c>tools.idempotency</c>.</summary>
    public static IdempotencySettings Read(IConfiguration configuration)
    {
        configuration.GetSection(Section).RefuseOthers(["lease", "retention"]);
        return new(Duration(configuration, "lease", TimeSpan.FromSeconds(30)), Duration(configuration, "retention", TimeSpan.FromDays(7)));
    }

    private static TimeSpan Duration(IConfiguration configuration, string key, TimeSpan otherwise) =>
        configuration.Duration($"{Section}:{key}", otherwise) is { Ticks: > 0 } duration
            ? duration
            : throw new MainstayConfigurationException($"'{Section}:{key}' must be more than 0, not '{configuration[$"{Section}:{key}"]}'.");
}
