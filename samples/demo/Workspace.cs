using System.Reflection;
using System.Security.Cryptography;

namespace Mainstay.Demo;

/// <summary>The folder that the agent's file tools see: the sample's test sheets, and a place for reports.</summary>
internal sealed class Workspace
{
    private static readonly string Root = typeof(Workspace).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!;
    private readonly string digest;

    private Workspace(string path)
    {
        Path = path;
        digest = DigestOfSheets();
    }

    /// <summary>The sample's own folder.</summary>
    public static string Sample { get; } = System.IO.Path.Combine(Root, "samples", "commissioning");

    public string Path { get; }

    public string Report => System.IO.Path.Combine(Path, "reports", "commissioning-review.md");

    /// <summary>Whether the sheets are byte for byte what they were.</summary>
    public bool SheetsAreUntouched => DigestOfSheets() == digest;

    private string Sheets => System.IO.Path.Combine(Path, "sheets");

    /// <summary>Lays the sheets out afresh.</summary>
    public static Workspace LayOut(string path)
    {
        foreach (var folder in (string[])["sheets", "reports"])
        {
            var target = Directory.CreateDirectory(System.IO.Path.Combine(path, folder));
            target.Delete(recursive: true);
            target.Create();
        }

        foreach (var sheet in Directory.GetFiles(System.IO.Path.Combine(Sample, "sheets")))
        {
            File.Copy(sheet, System.IO.Path.Combine(path, "sheets", System.IO.Path.GetFileName(sheet)));
        }

        return new Workspace(path);
    }

    private string DigestOfSheets()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(Sheets).Order(StringComparer.Ordinal))
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
