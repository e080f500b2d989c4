using Mainstay.Orchestrator.Engine.Payloads;
using Mainstay.ServiceDefaults.Configuration;
using Temporalio.Client;

namespace Mainstay.Orchestrator.Engine;

/// <summary>Reads from the configuration how the workflow engine is reached.</summary>
internal static class EngineConnection
{
    /// <summary>Fills the options of the client.</summary>
    public static void Configure(TemporalClientConnectOptions connect, IConfiguration configuration)
    {
        var mode = configuration["temporal:mode"] is { Length: > 0 } text ? text : "embedded";
        if (mode is not ("embedded" or "self-hosted" or "cloud"))
        {
            throw new MainstayConfigurationException($"'temporal:mode' must be embedded, self-hosted or cloud, not '{mode}'.");
        }

        connect.TargetHost = configuration.Required("temporal:address");
        connect.Namespace = configuration["temporal:namespace"] is { Length: > 0 } name ? name : "default";
        connect.DataConverter = PayloadConversion.Read(configuration);
        var tls = Tls(configuration);
        connect.ApiKey = configuration["temporal:api_key"] is { Length: > 0 } key ? key : null;
        connect.Tls = tls ?? (mode == "cloud" ? new TlsOptions() : null);
        if (mode == "cloud" && connect.ApiKey is null && tls?.ClientCert is null)
        {
            throw new MainstayConfigurationException("'temporal:mode' is cloud: set 'temporal:api_key', or 'temporal:tls:client_certificate_file' and 'temporal:tls:client_key_file'.");
        }
    }

    private static TlsOptions? Tls(IConfiguration configuration)
    {
        var section = configuration.GetSection("temporal:tls");
        if (section.Value is { Length: > 0 } flag)
        {
            return bool.TryParse(flag, out var on)
                ? on ? new TlsOptions() : null
                : throw new MainstayConfigurationException($"'temporal:tls' must be true, false or a section, not '{flag}'.");
        }

        return !section.GetChildren().Any() ? null : new TlsOptions
        {
            Domain = section["domain"] is { Length: > 0 } domain ? domain : null,
            ServerRootCACert = Read("server_root_ca_file"),
            ClientCert = Read("client_certificate_file"),
            ClientPrivateKey = Read("client_key_file"),
        };

        byte[]? Read(string key)
        {
            if (section[key] is not { Length: > 0 } path)
            {
                return null;
            }

            return File.Exists(path)
                ? File.ReadAllBytes(path)
                : throw new MainstayConfigurationException($"'temporal:tls:{key}' names '{path}', which is not there.");
        }
    }
}
