package pack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// member is an entry of an archive that a test makes.
type member struct {
	name, text string
	mode       fs.FileMode
	link       string // of a tar: target
	kind       byte   // of a tar: type; 0 for a file
}

// membersOf are the files of a pack, sorted, below a folder.
func membersOf(t *testing.T, dir, folder string) (out []member) {
	t.Helper()
	have := contents(t, dir)
	for _, name := range sortedKeys(have) {
		out = append(out, member{name: folder + name, text: have[name]})
	}
	return out
}

func zipOf(t testing.TB, members []member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		h.SetMode(m.mode | 0o644)
		w, err := z.CreateHeader(h)
		require.NoError(t, err)
		if !strings.HasSuffix(m.name, "/") {
			_, err = io.WriteString(w, m.text)
			require.NoError(t, err)
		}
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func tarOf(t testing.TB, members []member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, m := range members {
		kind := m.kind
		if kind == 0 {
			kind = tar.TypeReg
		}
		require.NoError(t, w.WriteHeader(&tar.Header{Typeflag: kind, Name: m.name, Linkname: m.link, Mode: 0o644, Size: int64(len(m.text))}))
		_, err := io.WriteString(w, m.text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, z.Close())
	return b.Bytes()
}

// archived writes an archive to a file.
func archived(t *testing.T, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "received")
	require.NoError(t, os.WriteFile(file, data, 0o666))
	return file
}

func TestArchivesVerify(t *testing.T) {
	dir, signers := writeSigned(t, 12, "creditor")
	want := verifyTrusting(t, dir, signers...).Text()
	shown := show(t, dir, "12")
	for name, data := range map[string][]byte{
		"zip":                zipOf(t, membersOf(t, dir, "")),
		"zip of a folder":    zipOf(t, append([]member{{name: "x y/", mode: fs.ModeDir}}, membersOf(t, dir, "x y/")...)),
		"tar.gz":             tarOf(t, membersOf(t, dir, "")),
		"tar.gz of .":        tarOf(t, append([]member{{name: "./", kind: tar.TypeDir}}, membersOf(t, dir, "./")...)),
		"tar.gz of a folder": tarOf(t, membersOf(t, dir, "pack/")),
	} {
		t.Run(name, func(t *testing.T) {
			file := archived(t, data)
			require.Equal(t, want, verifyTrusting(t, file, signers...).Text())
			require.Equal(t, shown, show(t, file, "12"))
			require.Equal(t, []string{"received"}, entries(t, filepath.Dir(file)), "nothing is written")
		})
	}
}

// TestHostileArchives: each is refused, by name, and nothing is written.
func TestHostileArchives(t *testing.T) {
	dir := madeCase(4).write(t)
	usual := membersOf(t, dir, "pack/")
	bomb := strings.Repeat("\x00", archiveGrace+(1<<20))
	both := map[string]struct {
		more  []member
		fault string
	}{
		"traversal":      {[]member{{name: "../evil", text: "x"}}, `"../evil": a name that leads out`},
		"traversal deep": {[]member{{name: "pack/data/../../../evil", text: "x"}}, "leads out of the pack"},
		"absolute":       {[]member{{name: "/etc/evil", text: "x"}}, `"/etc/evil": a name`},
		"backslash":      {[]member{{name: `pack\..\evil`, text: "x"}}, "leads out of the pack"},
		"no name":        {[]member{{name: "pack//x", text: "x"}}, "leads out of the pack"},
		"twice":          {[]member{{name: "pack/data/case.json", text: "{}"}}, "pack/data/case.json: stands in the archive more than once"},
		"twice, spelt":   {[]member{{name: "./pack/bagit.txt", text: "x"}}, "pack/bagit.txt: stands in the archive more than once"},
		"another file":   {[]member{{name: "pack/data/more.json", text: "{}"}}, "data/more.json: not listed in manifest"},
		"beside it":      {[]member{{name: "other.txt", text: "x"}}, "other.txt: stands in the archive beside the folder"},
		"a pack inside":  {[]member{{name: "pack/pack/bagit.txt", text: "x"}, {name: "pack/pack/data/case.json", text: "x"}}, "pack/bagit.txt: not listed"},
		"two packs":      {[]member{{name: "other/bagit.txt", text: "x"}}, "bagit.txt is missing"},
		"deep":           {[]member{{name: "pack/" + strings.Repeat("a/", 20) + "x", text: "x"}}, "folders deep"},
		"bomb":           {[]member{{name: "pack/data/bomb", text: bomb}}, "holds more than 200 times its own size"},
		"long name":      {[]member{{name: "pack/data/" + strings.Repeat("x", 60000), text: "x"}}, "data/xxxx"},
	}
	for name, c := range both {
		t.Run("zip/"+name, func(t *testing.T) { refused(t, zipOf(t, append(usual[:len(usual):len(usual)], c.more...)), c.fault) })
		t.Run("tar/"+name, func(t *testing.T) { refused(t, tarOf(t, append(usual[:len(usual):len(usual)], c.more...)), c.fault) })
	}
	t.Run("zip/link", func(t *testing.T) {
		refused(t, zipOf(t, append(usual, member{name: "pack/data/l", text: "/etc/passwd", mode: fs.ModeSymlink})), "data/l: a symbolic link")
	})
	for kind, fault := range map[byte]string{
		tar.TypeSymlink: "data/l: a symbolic link", tar.TypeLink: "neither a file nor", tar.TypeChar: "neither a file nor", tar.TypeFifo: "neither a file nor",
	} {
		t.Run(fmt.Sprintf("tar/type %c", kind), func(t *testing.T) {
			refused(t, tarOf(t, append(usual[:len(usual):len(usual)], member{name: "pack/data/l", link: "/etc/passwd", kind: kind})), fault)
		})
	}
	for i, m := range usual {
		without := append(append([]member{}, usual[:i]...), usual[i+1:]...)
		refused(t, zipOf(t, without), strings.TrimPrefix(m.name, "pack/"))
	}
}

func refused(t *testing.T, data []byte, fault string) {
	t.Helper()
	file := archived(t, data)
	v := verify(t, file)
	require.Contains(t, failed(t, v, rungComplete), fault)
	require.NotContains(t, faults(v), "sha256 is not the one", "what is there is read as it is")
	require.Less(t, len(v.Text()), 30000)
	require.Equal(t, []string{"received"}, entries(t, filepath.Dir(file)))
}

func TestTooManyEntries(t *testing.T) {
	if testing.Short() {
		t.Skip("packs 100,001 files")
	}
	members := make([]member, maxPackEntries+1)
	for i := range members {
		members[i].name = fmt.Sprintf("f%d", i)
	}
	refused(t, zipOf(t, members), errTooManyFiles.Error())
}

// TestBrokenArchives changes and cuts the archives themselves. A change that leaves the files as they are may go unnoticed, such as one
// of a date; any other is found.
func TestBrokenArchives(t *testing.T) {
	dir := madeCase(3).write(t)
	want := contents(t, dir)
	random := rand.New(rand.NewSource(1))
	for name, data := range map[string][]byte{"zip": zipOf(t, membersOf(t, dir, "")), "tar.gz": tarOf(t, membersOf(t, dir, ""))} {
		for range 150 {
			changed := bytes.Clone(data)
			at := 4 + random.Intn(len(changed)-4)
			changed[at] ^= 1 << random.Intn(8)
			file := archived(t, changed)
			if v := verify(t, file); v.OK {
				p, err := openAt(context.Background(), file)
				require.NoError(t, err)
				require.Len(t, p.files, len(want))
				for name, text := range want {
					f, err := p.open(name)
					require.NoError(t, err)
					have, err := io.ReadAll(f)
					require.NoError(t, err)
					require.Equal(t, text, string(have), "%s byte %d", name, at)
				}
			}
		}
		for _, n := range []int{5, 100, len(data) / 2, len(data) - 1} {
			require.False(t, verify(t, archived(t, data[:n])).OK, "%s of %d bytes", name, n)
		}
	}
	behind := tarOf(t, membersOf(t, dir, ""))
	var more bytes.Buffer
	z := gzip.NewWriter(&more)
	_, err := io.WriteString(z, "hidden")
	require.NoError(t, err)
	require.NoError(t, z.Close())
	refused(t, append(bytes.Clone(behind), more.Bytes()...), "something stands behind its end")
	refused(t, append(bytes.Clone(behind), "hidden"...), "behind its end")
}

func TestNoArchive(t *testing.T) {
	for _, text := range []string{"", "PK", "hello", "BZh9", "PK\x05\x06"} {
		_, err := Verify(context.Background(), archived(t, []byte(text)))
		require.ErrorContains(t, err, "neither a folder nor a zip or tar.gz")
	}
	giant := archived(t, []byte("PK\x03\x04"))
	require.NoError(t, os.Truncate(giant, maxArchiveBytes+1))
	_, err := Verify(context.Background(), giant)
	require.ErrorContains(t, err, "unpack it")
	_, err = Sign(context.Background(), giant, signerOf(t, "creditor"))
	require.ErrorContains(t, err, "an archive is not signed")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Verify(ctx, archived(t, tarOf(t, membersOf(t, madeCase(2).write(t), ""))))
	require.ErrorIs(t, err, context.Canceled)
}

func TestArchive(t *testing.T) {
	dir, signers := writeSigned(t, 6, "creditor")
	parent := t.TempDir()
	at := func(name string) string { return filepath.Join(parent, name) }
	ctx := context.Background()
	for _, ending := range []string{".zip", ".tar.gz"} {
		require.NoError(t, Archive(ctx, dir, at("a"+ending), false))
		require.True(t, verifyTrusting(t, at("a"+ending), signers...).OK)
		require.ErrorContains(t, Archive(ctx, dir, at("a"+ending), false), "exists")
		require.NoError(t, Archive(ctx, dir, at("a"+ending), true))
	}
	require.NoError(t, Archive(ctx, at("a.tar.gz"), at("b.zip"), false), "from one form to the other")
	a, err := os.ReadFile(at("a.zip"))
	require.NoError(t, err)
	b, err := os.ReadFile(at("b.zip"))
	require.NoError(t, err)
	require.Equal(t, a, b, "the same bytes")
	require.ErrorContains(t, Archive(ctx, dir, at("a.rar"), false), ".zip or .tar.gz")
	rewrite(t, dir, "data/report.html", replace("report", "rep0rt"))
	require.ErrorIs(t, Archive(ctx, dir, at("c.zip"), false), ErrNotSound)
	require.Equal(t, []string{"a.tar.gz", "a.zip", "b.zip"}, entries(t, parent))
}

// Other tools unpack what Archive writes, and get the pack.
func TestArchiveForOthers(t *testing.T) {
	dir := madeCase(4).write(t)
	for ending, command := range map[string][]string{".zip": {"unzip", "-q"}, ".tar.gz": {"tar", "xzf"}} {
		t.Run(ending, func(t *testing.T) {
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Skipf("%s is not on this machine", command[0])
			}
			file := filepath.Join(t.TempDir(), "a"+ending)
			require.NoError(t, Archive(context.Background(), dir, file, false))
			cmd := exec.Command(command[0], append(command[1:], file)...)
			cmd.Dir = t.TempDir()
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, string(out))
			require.Equal(t, contents(t, dir), contents(t, filepath.Join(cmd.Dir, "pack")))
		})
	}
}

// A blob reads as the bytes it was made of, from anywhere.
func TestBlob(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	text := make([]byte, 3*blockBytes+17)
	random.Read(text[blockBytes:])
	var m blobMaker
	for _, size := range []int{0, 1, blockBytes - 1, blockBytes, blockBytes + 1, len(text)} {
		b, err := m.take(bytes.NewReader(text[:size]), func(int64) error { return nil })
		require.NoError(t, err)
		require.EqualValues(t, size, b.size)
		whole, err := io.ReadAll(b.open())
		require.NoError(t, err)
		require.True(t, bytes.Equal(text[:size], whole))
		f := b.open()
		rapid.Check(t, func(t *rapid.T) {
			at := rapid.IntRange(0, size).Draw(t, "at")
			p := make([]byte, rapid.IntRange(0, 2*blockBytes).Draw(t, "length"))
			n, err := f.ReadAt(p, int64(at))
			require.True(t, bytes.Equal(text[at:min(size, at+len(p))], p[:n]))
			if n < len(p) {
				require.ErrorIs(t, err, io.EOF)
			}
		})
	}
}

// FuzzArchive: whatever an archive holds, reading it ends, within limits, and every file can be read from end to end.
func FuzzArchive(f *testing.F) {
	members := []member{{name: "pack/bagit.txt", text: declaration}, {name: "pack/data/case.json", text: "{}"}}
	f.Add(zipOf(f, members))
	f.Add(tarOf(f, members))
	f.Fuzz(func(t *testing.T, data []byte) {
		u := &unpacking{ctx: context.Background(), left: 1 << 20, pack: &openPack{held: map[string]*blob{}, files: map[string]int64{}}}
		if bytes.HasPrefix(data, gzipBegins) {
			_ = u.tar(bytes.NewReader(data)) // what is wrong is a fault of the pack
		} else {
			_ = u.zip(bytes.NewReader(data), int64(len(data)))
		}
		u.finish()
		var all int64
		for name, size := range u.pack.files {
			have, err := io.ReadAll(u.pack.held[name].open())
			require.NoError(t, err)
			require.EqualValues(t, size, len(have))
			all += size
		}
		require.LessOrEqual(t, all, int64(1<<20))
	})
}
