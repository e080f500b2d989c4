using System.Globalization;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Audit.Integrity;

/// <summary>How often the trail is signed, with what, and how long it is kept.</summary>
/// <param name="SigningKeyFile"><c>audit.signing_key_file</c>: an ECDSA P-256 private key in PEM; default none, then a key is made and kept in the database.</param>
/// <param name="CheckpointEvents"><c>audit.checkpoint_events</c>: a checkpoint at the latest after so many events; default 10,000.</param>
/// <param name="CheckpointInterval"><c>audit.checkpoint_interval</c>: and at the latest after this time, when there are new events; default 1 m.</param>
/// <param name="Retention"><c>audit.retention</c>: how long events are kept; default for ever.</param>
/// <param name="RetentionWait"><c>audit.retention_wait</c>: how much longer what a sink has not had yet is kept; default 30 d.</param>
/// <param name="RetiredKeyFiles"><c>audit.retired_key_files</c>: the public keys, in PEM, that signed before <c>signing_key_file</c> did; default none.</param>
internal sealed record IntegrityOptions(
    string? SigningKeyFile, int CheckpointEvents, TimeSpan CheckpointInterval, TimeSpan? Retention, TimeSpan RetentionWait, IReadOnlyList<string> RetiredKeyFiles)
{
    /// <summary>Reads the options; one that is not valid is a <see cref="MainstayConfigurationException"/>.</summary>
    public static IntegrityOptions Read(IConfiguration configuration)
    {
        const string Events = "audit:checkpoint_events";
        const string Retention = "audit:retention";
        const string RetiredKeys = "audit:retired_key_files";
        var events = 10_000;
        if (configuration[Events] is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out events) || events is 0 or > 1_000_000))
        {
            throw new MainstayConfigurationException($"'{Events}' must be 1 to 1000000, not '{text}'.");
        }

        var file = configuration["audit:signing_key_file"];
        var retired = configuration.GetSection(RetiredKeys).GetChildren().Select(one => one.Value ?? "").ToList();
        if (retired.Count > 0 && string.IsNullOrEmpty(file))
        {
            throw new MainstayConfigurationException($"'{RetiredKeys}' needs 'audit:signing_key_file': without it the keys in the database count.");
        }

        return new IntegrityOptions(
            string.IsNullOrEmpty(file) ? null : file,
            events,
            configuration.Duration("audit:checkpoint_interval", TimeSpan.FromMinutes(1)),
            string.IsNullOrEmpty(configuration[Retention]) ? null : configuration.Duration(Retention, TimeSpan.Zero),
            configuration.Duration("audit:retention_wait", TimeSpan.FromDays(30)),
            retired);
    }
}
