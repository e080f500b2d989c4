using System.Formats.Tar;
using System.IO.Compression;

namespace Mainstay.Skills.Archives;

/// <summary>Unpacks an archive that a caller sent, in memory, and refuses whatever would not stay within its folder or its size.</summary>
internal static class ArchiveFiles
{
    private const int MostFiles = 256;
    private const int MostBytes = 8 * 1024 * 1024;

    // The file type of a symbolic link in the upper half of a zip entry's attributes, as Unix has them.
    private const int SymbolicLink = 0xA000;
    private const int FileTypes = 0xF000;

    /// <summary>The files by their paths, without the one folder that may be around them all.</summary>
    public static IReadOnlyDictionary<string, byte[]> Unpack(byte[] archive)
    {
        try
        {
            var files = new UnpackedFiles(MostFiles, MostBytes);
            switch (archive)
            {
                case [(byte)'P', (byte)'K', ..]:
                    FromZip(archive, files);
                    break;
                case [0x1f, 0x8b, ..]:
                    FromTar(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress), files);
                    break;
                default:
                    FromTar(new MemoryStream(archive), files);
                    break;
            }

            return files.WithoutFolder();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException)
        {
            throw SkillErrors.ArchiveInvalid("archive", "is no readable zip, tar or tar.gz file");
        }
    }

    private static void FromZip(byte[] archive, UnpackedFiles files)
    {
        using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        foreach (var entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            if (((entry.ExternalAttributes >> 16) & FileTypes) == SymbolicLink)
            {
                throw SkillErrors.ArchiveInvalid($"archive/{entry.FullName}", "is a link; a skill holds plain files");
            }

            using var content = entry.Open();
            files.Add(entry.FullName, content);
        }
    }

    private static void FromTar(Stream archive, UnpackedFiles files)
    {
        // What stands between the files counts too, so that a compressed tar cannot be padded without end.
        using var tar = new TarReader(new LimitedStream(archive, 2 * MostBytes));
        while (tar.GetNextEntry() is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    files.Add(entry.Name, entry.DataStream ?? Stream.Null);
                    break;
                case TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw SkillErrors.ArchiveInvalid($"archive/{entry.Name}", "is no plain file; a skill holds plain files");
            }
        }
    }
}
