using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Dependencies;

/// <summary>Gives PostgreSQL, which refuses to run as root, a directory that its own user can reach.</summary>
internal static class PrivateDirectory
{
    /// <summary>Creates the directory; where a parent shuts other users out, it is a link to one under /var/tmp.</summary>
    public static async Task<string> CreateAsync(string path, string owner, CancellationToken cancellationToken)
    {
        if (Environment.UserName != "root")
        {
            Directory.CreateDirectory(path);
            return path;
        }

        if (!Path.Exists(path))
        {
            // A link whose target is gone does not exist, and yet stands in the way.
            File.Delete(path);
            if (await CanReachAsync(Path.GetDirectoryName(path)!, owner, cancellationToken))
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                File.CreateSymbolicLink(path, Directory.CreateDirectory($"/var/tmp/mainstay-{Guid.NewGuid():n}").FullName);
            }
        }

        var target = Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        await Tool.RequireAsync(["chown", $"{owner}:", target], cancellationToken);
        return target;
    }

    private static async Task<bool> CanReachAsync(string directory, string owner, CancellationToken cancellationToken)
    {
        var (exitCode, _) = await Tool.RunAsync([.. UserSwitch.To(owner), "test", "-x", directory], cancellationToken);
        return exitCode == 0;
    }
}
