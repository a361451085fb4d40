-- Holds the whole works, behind glass. Part 10 of 10.

minetest.register_craftitem("clockwork_case:case", {
	description = "Clock Case",
	inventory_image = "clockwork_case.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_case:case",
	recipe = { { "group:wood", "default:glass", "group:wood" }, { "group:wood", "clockwork_chime:chime", "group:wood" }, { "group:wood", "group:wood", "group:wood" } },
})

minetest.log("action", "[clockwork_case] part 10 of 10")
