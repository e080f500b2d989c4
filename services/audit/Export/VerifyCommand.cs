using Mainstay.Audit.Integrity;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Audit.Export;

/// <summary><c>verify &lt;file&gt; --key &lt;public key&gt;</c>: the service's program as a tool for whoever holds an export.</summary>
internal static class VerifyCommand
{
    /// <summary>Whether the arguments ask for it.</summary>
    public static bool IsMeant(string[] arguments) => arguments is ["verify", ..];

    /// <summary>The exit code: 0 intact, 1 not intact, 2 not asked properly.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors)
    {
        if (arguments is not ["verify", var file, "--key", var keyFile])
        {
            await errors.WriteLineAsync("Usage: verify <export in JSON lines> --key <public key in PEM>");
            return 2;
        }

        try
        {
            using var key = SigningKey.Read(keyFile);
            var verdict = await new VerifyExport(key).ExecuteAsync(File.ReadLinesAsync(file), CancellationToken.None);
            await output.WriteLineAsync(verdict.Text);
            return verdict.IsIntact ? 0 : 1;
        }
        catch (Exception exception) when (exception is MainstayConfigurationException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(exception.Message);
            return 2;
        }
    }
}
