using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Dependencies;

/// <summary>Installs the Debian packages that the local stack runs on, or says which are missing.</summary>
internal static class DebianPackages
{
    public const string PostgreSql = "postgresql";
    public const string RabbitMq = "rabbitmq-server";

    /// <summary>The Python gRPC library, a peer that the tests judge the stand-ins by.</summary>
    public const string PythonGrpc = "python3-grpcio";

    /// <summary>The Python client of RabbitMQ, with which a consumer of audit events is tested as the documentation prints it.</summary>
    public const string PythonPika = "python3-pika";

    /// <summary>Compose without an engine, which the tests validate the compose file with.</summary>
    public const string Compose = "docker-compose";

    /// <summary>All that the stack and the tests use.</summary>
    public static IReadOnlyList<string> All { get; } = [PostgreSql, RabbitMq, PythonGrpc, PythonPika, Compose];

    /// <summary>Installs those of the packages that are missing; without root, names them.</summary>
    public static async Task EnsureAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        var missing = packages.Where(package => !IsInstalled(package)).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        var names = string.Join(' ', missing);
        if (Environment.UserName != "root" || Tool.Find("apt-get") is null)
        {
            throw new LocalStackException(
                $"Missing: {names}. Install with 'sudo apt-get install {names}', start Docker, or point MAINSTAY_POSTGRES and MAINSTAY_RABBITMQ_URI at servers of yours.");
        }

        Console.WriteLine($"  installing {names} with apt-get (a minute or two)");
        var quiet = new Dictionary<string, string>
        {
            ["DEBIAN_FRONTEND"] = "noninteractive",
            // Debian would start each server at once, beside the private one.
            ["RUNLEVEL"] = "1",
        };
        await Tool.RequireAsync(["apt-get", "update", "-qq"], cancellationToken, quiet);
        await Tool.RequireAsync(["apt-get", "install", "-y", "-qq", "--no-install-recommends", .. missing], cancellationToken, quiet);
    }

    private static bool IsInstalled(string package) => package switch
    {
        PostgreSql => LocalPostgres.FindBinaries() is not null,
        RabbitMq => File.Exists(LocalRabbitMq.Server) && Tool.Find("epmd") is not null,
        PythonGrpc => Directory.Exists("/usr/lib/python3/dist-packages/grpc"),
        PythonPika => Directory.Exists("/usr/lib/python3/dist-packages/pika"),
        Compose => Tool.Find("docker-compose") is not null,
        _ => throw new LocalStackException($"'{package}' is no package that the local stack knows."),
    };
}
