using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Mainstay.Skills.Tests.Archives;

/// <summary>Makes archives, sound ones and others.</summary>
internal static class ArchiveBuilder
{
    public const string Document = """
        ---
        name: NAME
        version: 1.0.0
        description: Reviews a test sheet.
        allowed-tools: filesystem.read_text_file filesystem.list_directory
        tags: [bess, review]
        temperature: 0.2
        timeout: 300s
        ---
        Review {{ sheet }}.
        """;

    public static byte[] Zip(params (string Path, string Content)[] files)
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var file = zip.CreateEntry(path).Open();
                file.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return archive.ToArray();
    }

    public static byte[] Tar(params (string Path, string Content)[] files)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
            }
        }

        return archive.ToArray();
    }

    public static byte[] TarWithLink(string document)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "SKILL.md") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(document)) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "CHANGELOG.md") { LinkName = "/etc/passwd" });
        }

        return archive.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return archive.ToArray();
    }
}
