using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Mainstay.Audit.Integrity;

internal static class IntegrityExtensions
{
    /// <summary>Adds checkpoints, the verification of the chains, and retention; a bad option stops the service at start.</summary>
    public static WebApplicationBuilder AddIntegrity(this WebApplicationBuilder builder)
    {
        var options = IntegrityOptions.Read(builder.Configuration);
        var configuredKeys = TrustedKeys.ReadFiles(options);
        builder.Services.TryAddSingleton(options);
        builder.Services.TryAddSingleton<AnnounceDrop>();
        builder.Services.TryAddSingleton<DropExpired>();
        builder.Services.TryAddSingleton<ListCheckpoints>();
        builder.Services.TryAddSingleton<MakeCheckpoint>();
        builder.Services.TryAddSingleton<SigningKey>();
        builder.Services.TryAddSingleton(services => new TrustedKeys(configuredKeys, services.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.TryAddSingleton<VerifyChain>();
        builder.Services.AddHostedService<KeepIntegrity>();
        return builder;
    }
}
