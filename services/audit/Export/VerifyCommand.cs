using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mainstay.Audit.Integrity;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Audit.Export;

/// <summary><c>verify &lt;file&gt; --key &lt;public key&gt;</c>: the service's program as a tool for whoever holds an export.</summary>
internal static class VerifyCommand
{
    private const string Usage = "Usage: verify <export in JSON lines> --key <public key in PEM> [--key <another that signed>]... [--checkpoint <number that the file must reach>]";

    /// <summary>Whether the arguments ask for it.</summary>
    public static bool IsMeant(string[] arguments) => arguments is ["verify", ..];

    /// <summary>The exit code: 0 intact, 1 not intact, 2 not asked properly.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors)
    {
        if (!TryRead(arguments, out var file, out var keyFiles, out var checkpoint))
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }

        using var keys = new KeySet();
        try
        {
            foreach (var keyFile in keyFiles)
            {
                keys.Add(SigningKey.Read(keyFile));
            }

            var verdict = await new VerifyExport(keys.ById, checkpoint).ExecuteAsync(File.ReadLinesAsync(file), CancellationToken.None);
            await output.WriteLineAsync(verdict.Text);
            return verdict.IsIntact ? 0 : 1;
        }
        catch (Exception exception) when (exception is MainstayConfigurationException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    private static bool TryRead(string[] arguments, [NotNullWhen(true)] out string? file, out List<string> keyFiles, out long checkpoint)
    {
        (file, keyFiles, checkpoint) = (arguments.ElementAtOrDefault(1), [], 0);
        foreach (var option in arguments.Skip(2).Chunk(2))
        {
            switch (option)
            {
                case ["--key", var keyFile]:
                    keyFiles.Add(keyFile);
                    break;
                case ["--checkpoint", var number] when checkpoint == 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out checkpoint) && checkpoint > 0:
                    break;
                default:
                    return false;
            }
        }

        return file is not null && keyFiles.Count > 0;
    }
}
